import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test } from './hermes';
import { look } from './look';
import { byWord } from './model';
import { composer, send, transcript } from './program';

const control = (page: Page) => page.getByRole('switch', { name: 'Turns go on without this program' });

// However the test ends, the agent does: it would go on with its turn for nobody.
test.afterEach(async ({ program }) => {
  const dir = join(program.home, 'state', 'run', 'serve');
  for (const home of await readdir(dir).catch(() => [])) {
    const kept = await readFile(join(dir, home, 'server'), 'utf8').catch(() => '{}');
    const { pid } = JSON.parse(kept) as { pid?: number };
    try {
      if (pid) process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended already
    }
  }
});

test('an answer goes on while the program is killed, and stands in the page once', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  const words = Array.from({ length: 240 }, (_, i) => `w${i + 1}`).join(' ');
  model.script = byWord({ count: [{ text: words, gap: 60 }] });
  await page.goto(`${program.url}/settings/agents`);
  await expect(control(page)).toHaveAttribute('aria-checked', 'false', { timeout: 30_000 });
  await control(page).click();
  await expect(control(page)).toHaveAttribute('aria-checked', 'true');
  await expect(page.getByRole('status').filter({ hasText: 'Turns go on without this program.' })).toHaveCount(1);
  await look(page, 'outlive-setting');

  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();
  await send(page, 'Please count');
  await expect(transcript(page)).toContainText('w20 ', { timeout: 60_000 });
  await program.kill();
  await look(page, 'outlive-away');
  await program.restart();
  await expect(transcript(page)).toContainText('w100 ', { timeout: 60_000 });
  await look(page, 'outlive-back');
  await expect(transcript(page)).toContainText('w240', { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0, { timeout: 30_000 });
  const text = await transcript(page).innerText();
  for (const n of [1, 20, 50, 100, 240]) expect(text.match(new RegExp(`\\bw${n}\\b`, 'g'))).toHaveLength(1);
  await look(page, 'outlive-done');
});
