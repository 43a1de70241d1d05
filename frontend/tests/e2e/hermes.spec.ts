import { expect } from '@playwright/test';
import { test } from './hermes';
import { byWord, call } from './model';
import { composer, send, transcript } from './program';

test('the real agent: prompt, tool, approval, answer, reload in mid-stream, stop', async ({ page, program, model }) => {
  test.setTimeout(120_000);
  model.script = byWord({
    remove: [
      { calls: [call('terminal', { command: 'rm -rf /tmp/hermes-webui-nothing; echo it is gone' })] },
      { text: 'The **folder** is gone.' },
    ],
    long: [{ text: 'A long story. '.repeat(400), gap: 20 }],
  });
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();
  await send(page, 'Please remove the folder');
  const card = page.getByRole('region', { name: /needs you|approval/i }).or(page.locator('.askc'));
  await expect(card.first()).toContainText('rm -rf /tmp/hermes-webui-nothing', { timeout: 60_000 });
  await page.screenshot({
    path: process.env.SHOT_DIR ? `${process.env.SHOT_DIR}/hermes-ask.png` : test.info().outputPath('ask.png'),
  });
  await page.getByRole('button', { name: /^Allow once/ }).click();
  await expect(transcript(page)).toContainText('The folder is gone.', { timeout: 30_000 });
  await page.screenshot({
    path: process.env.SHOT_DIR ? `${process.env.SHOT_DIR}/hermes-done.png` : test.info().outputPath('done.png'),
  });

  await send(page, 'Now a long story');
  await expect(transcript(page)).toContainText('A long story. A long story.', { timeout: 30_000 });
  await page.reload();
  await expect(transcript(page)).toContainText('The folder is gone.');
  await expect(transcript(page)).toContainText('A long story. A long story.');
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(transcript(page)).toContainText('Stopped', { timeout: 15_000 });
  await page.screenshot({
    path: process.env.SHOT_DIR ? `${process.env.SHOT_DIR}/hermes-stop.png` : test.info().outputPath('stop.png'),
  });
  await send(page, 'Please remove the folder again');
  await expect(card.first()).toContainText('rm -rf', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Deny D' }).click();
  const row = transcript(page).locator('.lr', { hasText: 'rm -rf' }).last();
  await expect(row).toContainText('denied', { timeout: 15_000 });
  await row.click();
  await expect(transcript(page)).toContainText('not run');
  await expect(transcript(page)).not.toContainText('exit -1');
});

test('commands of the agent stand behind ours, and what they come to is read above the composer', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(120_000);
  model.script = byWord({ hello: [{ text: 'Hello to you.' }] });
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await send(page, 'hello');
  await expect(transcript(page)).toContainText('Hello to you.', { timeout: 60_000 });
  await composer(page).fill('/perso');
  await expect(page.getByRole('option', { name: /\/personality/ })).toBeVisible({ timeout: 30_000 });
  await composer(page).fill('/tools');
  await expect(page.getByRole('option', { name: /\/tools / })).toBeVisible();
  await composer(page).press('Enter');
  const said = page.getByRole('region', { name: 'What /tools came to' });
  await expect(said).toContainText('terminal', { timeout: 60_000 });
  if (process.env.SHOT_DIR) await page.screenshot({ path: `${process.env.SHOT_DIR}/hermes-command.png` });
  await said.getByRole('button', { name: 'Put away' }).click();
  await expect(said).toHaveCount(0);
});
