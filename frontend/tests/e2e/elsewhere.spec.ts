import { expect } from '@playwright/test';
import { elsewhere, test } from './hermes';
import { look } from './look';
import { byWord, call } from './model';
import { send, transcript } from './program';

test('a session that the agent keeps from a terminal is read, follows what is said there, and goes on here', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(180_000);
  model.script = byWord({
    table: [{ text: 'Here is a table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n' }],
    list: [{ calls: [call('terminal', { command: 'echo one; echo two' })] }, { text: 'Two lines came out.' }],
    further: [{ text: 'We go **further** here.' }],
  });
  await elsewhere(`${program.home}/.hermes`, 'cli', ['Make a table', 'Now list something']);
  await page.goto(program.url);
  const row = page.getByRole('link', { name: /A name for it/ });
  await expect(row).toContainText('terminal', { timeout: 30_000 });
  await row.click();
  await expect(transcript(page)).toContainText('Two lines came out.');
  await expect(transcript(page).getByRole('article', { name: /^You, elsewhere/ })).toHaveCount(2);
  await send(page, 'And further');
  await expect(transcript(page)).toContainText('We go further here.', { timeout: 60_000 });
  await expect(transcript(page).getByRole('article', { name: /^You/ })).toHaveCount(3);
  await page.reload();
  await expect(transcript(page)).toContainText('We go further here.');
  await expect(transcript(page).getByRole('article', { name: /^You/ })).toHaveCount(3);

  await page.keyboard.press('Escape');
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: /trash/i }).click();
  await expect(page.getByText(/is in the trash\. Hermes keeps it/)).toBeVisible();
  await page.goto(`${program.url}/shelf`);
  await page.setViewportSize({ width: 320, height: 640 });
  const title = await page.getByRole('main').getByRole('link', { name: 'A name for it' }).boundingBox();
  expect(title?.width).toBeGreaterThan(80);
  const forget = await page.getByRole('button', { name: /^Delete in Hermes too/ }).boundingBox();
  expect((forget?.x ?? 320) + (forget?.width ?? 0)).toBeLessThanOrEqual(320);
  await look(page, 'shelf');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: /^Delete in Hermes too/ }).click();
  const sure = page.getByRole('dialog', { name: 'Delete it in Hermes too?' });
  await expect(sure).toContainText('This cannot be undone');
  if (process.env.SHOT_DIR) await page.screenshot({ path: `${process.env.SHOT_DIR}/forget.png` });
  await sure.getByRole('button', { name: 'Delete in Hermes too' }).click();
  await expect(page.getByText(/Hermes has forgotten/)).toBeVisible({ timeout: 30_000 });
});
