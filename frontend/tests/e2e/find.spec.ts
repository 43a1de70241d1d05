import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { connect, test } from './direct';
import { call, type Model, promptOf, type Say } from './model';
import { composer, expect, type Program, transcript } from './program';

const many = 64;

test('words in a turn that is not loaded are found, and stepped through with Enter', async ({ page, program, model }) => {
  await open(page, program, model);
  await expect(page.getByText('Question 1 ', { exact: false })).toHaveCount(0); // only the newest turns are there
  await composer(page).click();
  await page.keyboard.press('Control+f');
  const field = bar(page).getByRole('textbox');
  await expect(field).toBeFocused();
  await field.fill('heron');
  await expect(count(page)).toHaveText('4 of 4'); // the newest one is nearest
  await expect(turn(page, 2)).toHaveCount(0); // nothing is loaded for what is only being typed
  await field.press('Enter');
  await expect(turn(page, 3).getByText('stood in the reeds')).toBeInViewport();
  await expect.poll(() => marked(page)).toEqual(['heron']);
  await field.press('Enter'); // around the end
  await expect(count(page)).toHaveText('1 of 4');
  await expect(turn(page, 2).getByText('Where is the heron')).toBeInViewport();
  await field.press('Enter');
  await field.press('Enter');
  await expect(count(page)).toHaveText('3 of 4');
  await expect.poll(() => marked(page)).toEqual(['Heron']);
  await field.press('Shift+Enter');
  await expect(count(page)).toHaveText('2 of 4'); // in the source it is “her**on”
  await expect.poll(() => marked(page)).toEqual(['heron']);
  await field.press('Shift+Enter');
  await expect(count(page)).toHaveText('1 of 4');
  await field.press('ArrowUp');
  await expect(count(page)).toHaveText('4 of 4');
  await page.getByRole('button', { name: 'Next place' }).click();
  await expect(count(page)).toHaveText('1 of 4');
  const under = await bar(page).evaluate((el) => el.getBoundingClientRect().bottom);
  const at = await turn(page, 2).getByText('Where is the heron').boundingBox();
  expect(at?.y ?? 0).toBeGreaterThan(under);

  await field.fill('nowhere at all');
  await expect(count(page)).toHaveText('Nothing found');
  await expect(page.getByRole('button', { name: 'Next place' })).toBeDisabled();
  await field.press('Escape');
  await expect(bar(page)).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
});

test('a hit in closed tool output opens it, also behind its twelfth line', async ({ page, program, model }) => {
  await open(page, program, model);
  await find(page, 'kingfisher 30');
  await expect(count(page)).toHaveText('1 of 1');
  await bar(page).getByRole('textbox').press('Enter');
  await expect(page.locator('.out pre').getByText('kingfisher 30')).toBeInViewport();
  await expect.poll(() => marked(page)).toEqual(['kingfisher 30']);

  await bar(page).getByRole('textbox').fill('notes.md'); // said by the row itself
  await expect(count(page)).toHaveText(/of [1-9]/);
  await bar(page).getByRole('textbox').press('Enter');
  await expect.poll(() => marked(page)).toEqual(['notes.md']);
});

test('the second Ctrl+F is for the browser, and what is looked for grows with the session', async ({ page, program, model }) => {
  await open(page, program, model, 3);
  await find(page, 'still water');
  await expect(count(page)).toHaveText('Nothing found');
  await page.evaluate(() =>
    document.querySelector('[role="search"]')?.addEventListener('keydown', (e) => {
      if ((e as KeyboardEvent).key === 'f')
        setTimeout(() => document.documentElement.setAttribute('data-second', String(e.defaultPrevented)));
    }),
  );
  await page.keyboard.press('Control+f');
  await expect(page.locator('html')).toHaveAttribute('data-second', 'false');
  await composer(page).fill('Is there still water?');
  await composer(page).press('Enter');
  await expect(count(page)).toHaveText(/^\d of 2$/); // the prompt, and the answer that repeats it
  await composer(page).press('Control+f');
  await expect(bar(page).getByRole('textbox')).toBeFocused();
});

test('/find takes its words along; an error is said and can be tried again', async ({ page, program, model }) => {
  await open(page, program, model, 3);
  const path = /\/api\/sessions\/[^/]+\/find/;
  await page.route(path, (r) => r.fulfill({ status: 500, json: { code: 'internal', detail: 'It broke.' } }));
  await composer(page).fill('/find heron stood');
  await composer(page).press('Enter');
  await expect(bar(page).getByRole('textbox')).toHaveValue('heron stood');
  await expect(bar(page).getByRole('alert')).toContainText('It broke.');
  await page.unroute(path);
  await bar(page).getByRole('button', { name: 'Try again' }).click();
  await expect(count(page)).toHaveText('1 of 1');
  await expect.poll(() => marked(page)).toEqual(['Heron stood']);
  await page.goto('/settings');
  await expect(bar(page)).toHaveCount(0);
});

test('words that Markdown does not draw bring their part into view', async ({ page, program, model }) => {
  await open(page, program, model, 3);
  await find(page, 'example.org/birds');
  await expect(count(page)).toHaveText('1 of 1');
  await expect(bar(page)).toContainText('It is written here, but not drawn:');
  await expect(page.locator('[data-found]')).toBeInViewport();
  await bar(page).getByRole('textbox').fill('by the river');
  await expect(page.locator('[data-found]')).toHaveCount(0);
  await expect.poll(() => marked(page)).toEqual(['by the river']);
});

test('the outline lists the whole session, follows the reader and jumps', async ({ page, program, model }) => {
  await open(page, program, model);
  await transcript(page).focus(); // in the composer it is a letter
  await page.keyboard.press('o');
  const outline = page.getByRole('complementary', { name: 'What was asked in this session' });
  await expect(outline.getByRole('listitem')).toHaveCount(many);
  await expect(outline.locator('[aria-current]')).toContainText(`Question ${many}`);
  await outline.getByRole('textbox').fill('heron');
  await expect(outline.getByRole('listitem')).toHaveCount(1);
  await outline.getByRole('textbox').press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(turn(page, 2).getByText('Where is the heron')).toBeInViewport();
  await expect(outline.locator('[aria-current]')).toContainText('Where is the heron');
  await outline.getByRole('textbox').fill('');
  await transcript(page).hover();
  await page.mouse.wheel(0, 4000);
  await expect(outline.locator('[aria-current]')).not.toContainText('Where is the heron');

  await composer(page).fill('One more thing');
  await composer(page).press('Enter');
  await expect(outline.getByRole('listitem')).toHaveCount(many + 1);
  await page.reload(); // it is a preference
  await expect(outline.getByRole('listitem')).toHaveCount(many + 1);
  await outline.getByRole('button', { name: 'Put the outline away' }).click();
  await expect(outline).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('both come from the menu of the head', async ({ page, program, model }) => {
    await open(page, program, model, 16);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Outline' }).click();
    const sheet = page.getByRole('dialog', { name: 'Outline' });
    await sheet.getByRole('button', { name: /Where is the heron/ }).click();
    await expect(sheet).toHaveCount(0);
    await expect(turn(page, 2).getByText('Where is the heron')).toBeInViewport();

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Find' }).click();
    await bar(page).getByRole('textbox').fill('heron');
    await expect(count(page)).toHaveText('1 of 4'); // from where the reader is
    const sizes = await bar(page)
      .getByRole('button')
      .evaluateAll((all) => all.map((b) => b.getBoundingClientRect()));
    for (const { width, height } of sizes) expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

test.describe('without barriers', () => {
  test.use({ bypassCSP: true });

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`${scheme}, ${width}`, async ({ page, program, model }) => {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await open(page, program, model, 16);
        await transcript(page).focus();
        await page.keyboard.press('o');
        await expect(page.getByRole('listitem').filter({ hasText: 'Where is the heron' })).toBeVisible();
        await clean(page, 'outline');
        if (width < 760) await page.keyboard.press('Escape');
        await find(page, 'heron');
        await expect(count(page)).toHaveText('4 of 4');
        await clean(page, 'find');
        await bar(page).getByRole('textbox').fill('zzqq');
        await expect(count(page)).toHaveText('Nothing found');
        await clean(page, 'nothing found');
      });
    }
  }
});

/** A session with so many turns, of which the page has loaded only the newest. */
async function open(page: Page, program: Program, model: Model, turns = many): Promise<void> {
  const lines = Array.from({ length: 40 }, (_, i) => `kingfisher ${i + 1}`);
  await writeFile(join(program.workspace, 'notes.md'), `${lines.join('\n')}\n`);
  model.script = (asked, round) => answer(promptOf(asked), round);
  await connect(page, model);
  const made = await page.request.post('/api/sessions', { data: { agent: 'direct', title: 'Birds' } });
  const { id } = ((await made.json()) as { session: { id: string } }).session;
  for (let n = 1; n <= turns; n++) await ask(page, id, n);
  await expect
    .poll(async () => (await (await page.request.get(`/api/sessions/${id}?limit=1`)).json()).session, { timeout: 60_000 })
    .toMatchObject({ state: 'done', queued: 0 });
  await page.goto(`/s/${id}`);
  await expect(turn(page, turns)).toBeVisible();
}

async function ask(page: Page, id: string, n: number): Promise<void> {
  const text = n === 2 ? 'Where is the heron?' : `Question ${n} about birds`;
  const sent = await page.request.post(`/api/sessions/${id}/turns`, { data: { id: turnId(n), text, when_busy: 'queue' } });
  expect(sent.ok()).toBe(true);
}

/** A ULID that is the turn's number. */
function turnId(n: number): string {
  return `trn_01J00000000000000000${String(n).padStart(6, '0')}`;
}

function answer(words: string, round: number): Say {
  if (words.includes('Question 1 ') && round === 0)
    return { calls: [call('read_file', { path: 'notes.md' }), call('list_dir', {})] };
  if (words.includes('heron')) return { text: 'The **her**on sits [there](https://example.org/birds). It is by the river.' };
  if (words.includes('Question 3 ')) return { text: `Some words.\n\nA *Heron* stood in the reeds; a heron, I say.\n\n${long}` };
  return { text: `${words}: that is a question. ${long}` };
}

const long = 'Waders walk where the water is low, and they wait. '.repeat(12);

function turn(page: Page, n: number) {
  return page.locator(`[data-turn="${turnId(n)}"]`);
}

function bar(page: Page) {
  return page.getByRole('search', { name: 'Find in this session' });
}

function count(page: Page) {
  return bar(page).getByRole('status');
}

async function find(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await bar(page).getByRole('textbox').fill(words);
}

/** What is marked as the hit that was gone to. */
function marked(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(CSS.highlights.get('find-now') ?? [])].map((r) => (r as Range).toString()));
}
