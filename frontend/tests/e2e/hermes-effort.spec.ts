import { expect } from '@playwright/test';
import { test } from './hermes';
import { look } from './look';
import { send, transcript } from './program';

test('an effort is chosen where the agent decides on the model, and goes back to what the agent does by itself', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(120_000);
  model.script = () => ({ text: 'Thought about.' });
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  const effort = page.getByRole('button', { name: /^Reasoning effort/ });
  await effort.click();
  await page.getByRole('menuitemradio', { name: 'high', exact: true }).click();
  await expect(effort).toHaveAccessibleName('Reasoning effort: high');
  await look(page, 'hermes-effort');
  await send(page, 'think hard');
  await expect(transcript(page)).toContainText('Thought about.', { timeout: 60_000 });
  const asked = (words: string) => model.asked.findLast((a) => a.tools && JSON.stringify(a.messages.at(-1)).includes(words));
  expect(asked('think hard')?.reasoning_effort).toBe('high');

  await effort.click();
  await page.getByRole('menuitemradio', { name: /^default effort/ }).click();
  await expect(effort).toHaveAccessibleName('Reasoning effort: default effort');
  await send(page, 'as usual');
  await expect(transcript(page).getByText('Thought about.')).toHaveCount(2, { timeout: 60_000 });
  expect(asked('as usual')?.reasoning_effort).toBe('medium');
});
