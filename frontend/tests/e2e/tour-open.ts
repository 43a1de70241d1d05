import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { connect, gate, openSession } from './direct';
import { byWord, call, type Model } from './model';
import { composer, type Program, transcript } from './program';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** Opens what a session can open, one after the other, in whatever language and direction the page is. */
export async function openings(
  page: Page,
  program: Program,
  model: Model,
  look: (where: string) => Promise<void>,
): Promise<void> {
  const wait = gate();
  model.models = [
    { id: 'scripted', name: 'Hermes 4 70B', context_length: 128_000, supported_parameters: ['reasoning'] },
    {
      id: 'a-maker-of-models/another-model-with-a-long-name-2026-11-preview',
      context_length: 8000,
      pricing: { prompt: '0.000001', completion: '0.000002' },
    },
  ];
  model.script = byWord({
    read: [{ calls: [call('read_file', { path: 'internal/schedule/next.go' })] }, { text: `# Peas\n\n${'Peas. '.repeat(60)}` }],
    picture: [{ text: `## A picture\n\n![A pea](https://example.org/pea.png)\n\nEnd.` }],
    hold: [{ after: wait.opened, text: 'At last.' }],
  });
  await mkdir(join(program.workspace, 'internal', 'schedule'), { recursive: true });
  await writeFile(join(program.workspace, 'internal', 'schedule', 'next.go'), 'package schedule\n');
  await page.route('**/api/pictures', (r) => r.fulfill({ contentType: 'image/png', body: Buffer.from(png, 'base64') }));
  await connect(page, model);
  await page.request.patch((await openSession(page)).replace('/s/', '/api/sessions/'), { data: { model: 'openai/scripted' } });
  await look('fresh');
  await pickers(page, look);
  await say(page, 'read it');
  await expect(transcript(page)).toContainText('Peas. Peas.');
  for (const row of await transcript(page).locator('.lg > summary').all()) await row.click();
  await look('ledger');
  await say(page, 'a picture');
  await page.locator('[role="log"] button:has-text("A pea"), [role="log"] button[aria-label*="A pea"]').first().click();
  await expect(transcript(page).locator('img')).toHaveCount(1);
  await transcript(page).locator('button:has(img)').click();
  await top(page, look, 'lightbox');
  await around(page, look);
  await say(page, 'hold on');
  for (const text of ['Also add a line to the changelog, under Fixed.', 'And then open a pull request against main']) {
    await composer(page).fill(text);
    await page.locator('.cmp .go').first().click();
    await expect(composer(page)).toHaveValue('');
  }
  await expect(page.locator('.queue')).toHaveCount(2);
  await look('queue');
  wait.open();
  await expect(transcript(page)).toContainText('At last.');
}

async function pickers(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  for (const [name, key] of [
    ['agent', 'g'],
    ['model', 'm'],
    ['effort', 'e'],
    ['workspace', 'w'],
  ] as const) {
    await page.reload();
    await expect(composer(page)).toBeVisible();
    await keys(page, 's', key);
    await top(page, look, name);
  }
}

/** What lies over the page or beside the transcript. */
async function around(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  await keys(page, '?');
  await top(page, look, 'keys');
  await keys(page, 's', 'i');
  await top(page, look, 'usage');
  await composer(page).fill('Look at @next');
  await expect(page.getByRole('option').first()).toBeVisible();
  await look('mention');
  await composer(page).fill('');
  await composer(page).fill('/');
  await expect(page.getByRole('option').first()).toBeVisible();
  await look('slash');
  await composer(page).fill('');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('next.go');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('next.go');
  await top(page, look, 'palette-files');
  await composer(page).press('Control+f');
  await page.getByRole('search').getByRole('textbox').fill('peas');
  await expect(page.locator('.find-now, [role="search"]').first()).toContainText(/\d/);
  await look('find');
  await page.keyboard.press('Escape');
  await keys(page, 'o');
  await expect(page.locator('.outline, dialog[open]').filter({ hasText: 'A picture' }).first()).toBeVisible();
  await look('outline');
  await page.keyboard.press('Escape');
}

/** Looks at what opened above the page, and closes it. */
async function top(page: Page, look: (where: string) => Promise<void>, name: string): Promise<void> {
  const open = page.locator('dialog[open], :popover-open');
  await expect(open.first()).toBeVisible();
  await expect(open.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
  await look(name);
  for (let n = await open.count(); n > 0; n--) await page.keyboard.press('Escape');
  await expect(open).toHaveCount(0);
}

async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Control+Enter');
  await expect(transcript(page).getByText(text, { exact: true }).first()).toBeVisible();
  if (text !== 'hold on') await expect(page.locator('[data-live]')).toHaveCount(0);
}

async function keys(page: Page, ...strokes: string[]): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (const stroke of strokes) await page.keyboard.press(stroke);
}
