import { card, connect, openSession, test } from './direct';
import { byWord, call } from './model';
import { expect, send, transcript } from './program';
import { fill } from './seed';

test('a session is found again where it was left, with the words of an answer that was not given', async ({ page, model }) => {
  model.script = byWord({
    Question: [{ text: `${'A line of it.\n\n'.repeat(12)}That was it.` }],
    colour: [{ calls: [call('ask_user', { question: 'Which colour?', choices: ['Red', 'Blue'] })] }, { text: 'Good.' }],
  });
  await connect(page, model);
  const long = await openSession(page);
  await fill(page.request, long.slice(3), 12, (n) => `Question ${n}`);
  const other = await openSession(page);
  await send(page, 'Which colour is it?');
  const answer = card(page).getByRole('textbox');
  await answer.fill('A warm one, because');

  await page.locator(`[data-row="${long.slice(3)}"]`).click();
  await expect(transcript(page)).toContainText('Question 12');
  const fifth = transcript(page).locator('.turn').filter({ hasText: 'Question 5' });
  await transcript(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, -600);
    await expect(fifth).toBeInViewport({ timeout: 100 });
  }).toPass();
  const top = () => fifth.evaluate((el) => Math.round(el.getBoundingClientRect().top));
  let left = Number.NaN;
  await expect(async () => {
    const before = left;
    left = await top();
    expect(left).toBe(before); // it scrolls no more
  }).toPass();

  await page
    .locator(`[data-row="${other.slice(3)}"]`)
    .first()
    .click();
  await expect(card(page)).toBeVisible();
  await expect(card(page).getByRole('textbox')).toHaveValue('A warm one, because');
  await card(page).getByRole('button', { name: 'Later' }).click();
  await card(page).getByRole('button', { name: 'Answer' }).click();
  await expect(card(page).getByRole('textbox')).toHaveValue('A warm one, because');

  await page.locator(`[data-row="${long.slice(3)}"]`).click();
  await expect(fifth).toBeInViewport();
  await expect.poll(async () => Math.abs((await top()) - left)).toBeLessThan(3);
});
