import { composer, expect, openDemo, send, test, transcript } from './program';

test('ten tabs share one stream: all are live, requests stay quick, and the owner may be closed', async ({ page, context }) => {
  const streams: string[] = [];
  context.on('request', (r) => {
    if (r.url().includes('/api/events')) streams.push(r.url());
  });
  const path = await openDemo(page);
  const tabs = [page];
  for (let i = 1; i < 10; i++) {
    const tab = await context.newPage();
    await tab.goto(path);
    await expect(composer(tab)).toBeVisible();
    tabs.push(tab);
  }
  const last = tabs[9];
  if (!last) throw new Error('there is no tenth tab');
  await send(last, 'To all tabs');
  for (const tab of tabs) await expect(transcript(tab)).toContainText('demo without a model', { timeout: 20_000 });

  // With a stream in each tab the browser's six connections would be used up and this would hang.
  const ms = await last.evaluate(async () => {
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      await (await fetch('/api/agents')).json();
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  });
  expect(ms).toBeLessThan(100);

  await page.close(); // it opened the stream first
  await expect(last.locator('.askc')).toBeVisible({ timeout: 30_000 });
  await last.locator('.askc').getByRole('button', { name: /allow/i }).first().click();
  await expect(transcript(last)).toContainText('That is the whole demo', { timeout: 30_000 });
  const text = await transcript(last).innerText();
  await last.reload();
  await expect(transcript(last)).toContainText('That is the whole demo');
  for (const words of ['I found 1 entr', 'Answers can hold code', 'What it is for']) {
    expect(text).toContain(words);
    await expect(transcript(last)).toContainText(words);
  }
});

test('a frozen owner is replaced without a gap', async ({ page, context }) => {
  const path = await openDemo(page);
  const other = await context.newPage();
  await other.goto(path);
  await expect(composer(other)).toBeVisible();
  await send(other, 'Go on without the first tab');
  await expect(transcript(other)).toContainText('demo without a model', { timeout: 20_000 });

  const devtools = await context.newCDPSession(page); // the tab that opened the stream
  await devtools.send('Page.enable');
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });

  // Without a ping for 25 s, or told by the browser, the other tab takes the stream over.
  await expect(other.locator('.askc')).toBeVisible({ timeout: 45_000 });
  await other.locator('.askc').getByRole('button', { name: /allow/i }).first().click();
  await expect(transcript(other)).toContainText('something real.', { timeout: 45_000 });
  const live = await transcript(other).locator('.pr').allInnerTexts();
  await other.reload();
  await expect(transcript(other)).toContainText('something real.');
  expect(await transcript(other).locator('.pr').allInnerTexts()).toEqual(live);
});
