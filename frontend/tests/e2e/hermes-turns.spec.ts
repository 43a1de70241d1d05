import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './hermes';
import { look } from './look';
import { call, promptOf } from './model';
import { composer, send, transcript } from './program';

test('thoughts, a diff, words while it works, an edit, an undo and a fork, with the real agent', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(180_000);
  const file = join(program.workspace, 'made.txt');
  let n = 0;
  model.script = (asked, round) => {
    const words = promptOf(asked);
    if (words.includes('think')) return { thought: 'Two and two are four.', text: 'It is four.' };
    if (words.includes('write')) {
      return round === 0 ? { calls: [call('write_file', { path: file, content: 'one\ntwo\n' })] } : { text: 'It is written.' };
    }
    const newest = JSON.stringify(asked.messages.slice(-2));
    if (newest.includes('make it short')) return { text: 'Short it is.' };
    if (words.includes('work')) return { calls: [call('terminal', { command: 'sleep 4; echo done' })] };
    n++;
    return { text: `Answer ${n}.` };
  };
  const log = transcript(page);
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();

  await send(page, 'please think');
  await expect(log).toContainText('It is four.', { timeout: 60_000 });
  await log.locator('summary', { hasText: 'Thought' }).click();
  await expect(log.locator('.thought')).toHaveText('Two and two are four.');
  await send(page, 'please write');
  await expect(log).toContainText('It is written.', { timeout: 30_000 });
  await log.getByText('made.txt').first().click();
  await expect(log).toContainText('two');
  await look(page, 'hermes-diff');

  await send(page, 'please work');
  await expect(log).toContainText('sleep 4', { timeout: 30_000 });
  await composer(page).fill('make it short');
  await page.getByRole('button', { name: 'Other ways to say it' }).click();
  await page.getByRole('menuitem', { name: /^Steer/ }).click();
  await expect(log).toContainText('You, while it worked');
  await expect(log).toContainText('Short it is.', { timeout: 30_000 });
  await look(page, 'hermes-steer');

  await send(page, 'first words');
  await expect(log).toContainText('Answer 1.', { timeout: 30_000 });
  const prompt = log.locator('.you').last();
  await prompt.hover();
  await prompt.getByRole('button', { name: 'Edit' }).click();
  await prompt.getByRole('textbox', { name: 'Edit the prompt' }).fill('other words');
  await prompt.getByRole('button', { name: 'Send again' }).click();
  await expect(log).toContainText('Answer 2.', { timeout: 30_000 });
  await expect(log).not.toContainText('first words');
  expect(JSON.stringify(model.newest.messages)).not.toContain('first words');

  await log.getByRole('button', { name: 'Undo' }).last().click();
  await expect(log).not.toContainText('other words');
  await send(page, 'more words');
  await expect(log).toContainText('Answer 3.', { timeout: 30_000 });
  expect(JSON.stringify(model.newest.messages)).not.toContain('other words');

  const from = page.url();
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0); // only then it can be forked from
  await log.getByRole('button', { name: 'Fork from here' }).last().click();
  await expect(page).not.toHaveURL(from);
  await expect(log).toContainText('Answer 3.');
  await send(page, 'in the fork');
  await expect(log).toContainText('Answer 4.', { timeout: 60_000 });
  expect(JSON.stringify(model.newest.messages)).toContain('more words');
  await look(page, 'hermes-fork');
});
