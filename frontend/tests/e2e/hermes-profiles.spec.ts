import { join } from 'node:path';
import { expect } from '@playwright/test';
import { elsewhere, furnish, test } from './hermes';
import { look } from './look';
import { Model } from './model';
import { composer, send, transcript } from './program';

test('a profile made meanwhile is offered at once, and two browsers on two profiles do not touch each other', async ({
  page,
  browser,
  program,
  model,
}) => {
  test.setTimeout(180_000);
  const other = await Model.start();
  model.script = () => ({ text: 'From the default profile.' });
  other.script = () => ({ text: 'From the work profile.' });
  const begin = (p: typeof page) =>
    p
      .getByRole('button', { name: /^New session/ })
      .first()
      .click();
  await page.goto(program.url);
  await begin(page);
  await expect(composer(page)).toBeVisible();
  await expect(page.getByText('None was chosen. The agent takes its own.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Profile/ })).toHaveCount(0);

  const work = join(program.home, '.hermes', 'profiles', 'work');
  furnish(work, other.url);
  await page.getByRole('button', { name: /^Profile/ }).click({ timeout: 30_000 });
  await page.getByRole('menuitemradio', { name: 'work' }).click();
  await expect(page.getByRole('button', { name: 'Profile: work' })).toBeVisible();
  await look(page, 'hermes-profiles');

  const second = await (await browser.newContext()).newPage();
  await second.goto(program.url);
  await begin(second);
  await expect(second.getByRole('button', { name: 'Profile: default' })).toBeVisible();
  await Promise.all([send(page, 'who are you'), send(second, 'who are you')]);
  await expect(transcript(page)).toContainText('From the work profile.', { timeout: 60_000 });
  await expect(transcript(second)).toContainText('From the default profile.', { timeout: 60_000 });
  await expect(page.getByTitle(/^Profile: work/)).toBeVisible();

  await elsewhere(work, 'cli', ['said in a terminal']);
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /terminal/ })
    .first()
    .waitFor({ timeout: 30_000 });
  await look(page, 'hermes-profile-fixed');
  await second.context().close();
  await other.stop();
});
