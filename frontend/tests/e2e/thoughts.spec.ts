import { openDirect, test } from './direct';
import { expect, send, transcript } from './program';

const answer = [
  '<think>Which file is it? It is notes.md.</think>\nThe file is `notes.md`.\n\n',
  '<think>Say also what a tag looks like.</think>\n\nA tag such as `<think>` within a line is shown.\n\n',
  '```xml\n<think>\nkept in code\n</think>\n```\n\nThat is all.',
].join('');

test('thoughts between tags are reasoning and never flash up in the answer, wherever the pieces are cut', async ({
  page,
  model,
}) => {
  model.script = () => ({ pieces: Array.from(answer), gap: 3 });
  await openDirect(page, model);
  await page.evaluate(() => {
    const told = new Set<string>();
    new MutationObserver(() => {
      for (const x of document.querySelectorAll('.ag .bd > .pr')) told.add(x.textContent);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { told });
  });
  await send(page, 'Which file?');
  await expect(transcript(page)).toContainText('That is all.');
  await expect(transcript(page).getByText('Thought', { exact: false }).and(page.locator('summary'))).toHaveCount(2);

  const said = transcript(page).locator('.ag .bd > .pr');
  await expect(said.first()).toHaveText('The file is notes.md.');
  await expect(said.last()).toContainText('A tag such as <think> within a line is shown.');
  await expect(said.last()).toContainText('kept in code');
  const seen = await page.evaluate(() => [...(window as unknown as { told: Set<string> }).told]);
  expect(seen.length).toBeGreaterThan(5); // it grew before our eyes
  for (const text of seen) {
    expect(text).not.toMatch(/Which file is it|Say also/);
    expect(text).not.toMatch(/^\s*<\/?t/);
  }

  await transcript(page).locator('summary').first().click();
  await expect(transcript(page).locator('.thought').first()).toHaveText('Which file is it? It is notes.md.');
});
