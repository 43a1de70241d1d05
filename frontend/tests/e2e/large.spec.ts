import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { card, openDirect, test } from './direct';
import { byWord, call } from './model';
import { expect, send, transcript } from './program';

/** Above this an answer to a click is felt as a stop; the machine of a test may be slow, and others use it. */
const blocked = 1000;

test('a result of 200 KB opens at once, and what is kept of it on demand, without a stop of the page', async ({
  page,
  model,
  program,
}) => {
  const line = (n: number) => `${n} https://example.org/a/b?page=${n} the token of line ${n} is not a key=${n}\n`;
  let text = '';
  let lines = 0;
  while (text.length < 200_000) text += line(++lines);
  await writeFile(join(program.workspace, 'log.txt'), text);
  model.script = byWord({ show: [{ calls: [call('shell', { command: 'cat log.txt; true' })] }, { text: 'That is all of it.' }] });
  await openDirect(page, model);
  await send(page, 'show');
  await card(page)
    .getByRole('button', { name: /^Allow once/ })
    .click();
  await expect(transcript(page)).toContainText('That is all of it.');
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const x of list.getEntries()) tasks.push(x.duration);
    }).observe({ type: 'longtask' });
    Object.assign(window, { tasks });
  });
  const longest = () => page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks.splice(0)));

  const row = transcript(page).locator('.lr').filter({ hasText: 'cat log.txt' });
  await row.locator('summary').click();
  const out = transcript(page).locator('.out').filter({ hasText: 'the token of line 1 ' });
  await expect(out).toBeVisible();
  await expect(transcript(page)).toContainText('left out'); // the log keeps its beginning and its end
  const opened = await longest();
  await out.getByRole('button', { name: 'Show all' }).click();
  await expect(out.locator('pre')).toContainText(`the token of line ${lines} `);
  const whole = await longest();
  test
    .info()
    .annotations.push({ type: 'longest task', description: `${Math.round(opened)} ms, all of it ${Math.round(whole)} ms` });
  expect(opened).toBeLessThan(blocked);
  expect(whole).toBeLessThan(blocked);
  await expect(out.getByRole('button', { name: 'Show less' })).toBeVisible();
});
