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
});
