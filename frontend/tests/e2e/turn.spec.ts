import { composer, expect, openDemo, send, test, transcript } from './program';

test('the first run leads to a streamed answer, its tools, an approval by key, and the end', async ({ page }) => {
  await openDemo(page);
  await send(page, 'Show me around');
  await expect(transcript(page)).toContainText('Show me around');
  await expect(transcript(page)).toContainText('demo without a model');
  await expect(transcript(page)).toContainText(/workspace/i);

  const ask = page.locator('.askc');
  await expect(ask).toBeVisible({ timeout: 30_000 });
  await expect(ask).toContainText('Write a file (pretended)');
  await expect(page).toHaveTitle(/^\(1\) /);
  await expect(page.locator('.side .row.ask')).toContainText('Write a file (pretended)');
  await page.locator('body').press('Tab');
  await ask.getByRole('button').first().focus();
  await expect(async () => {
    await page.keyboard.press('a'); // a new card takes no letters for a moment
    await expect(ask).toBeHidden({ timeout: 500 });
  }).toPass();
  await expect(page).not.toHaveTitle(/^\(1\) /);

  await expect(transcript(page)).toContainText('That is the whole demo', { timeout: 30_000 });
  await expect(page.locator('.side .g.run')).toHaveCount(0);
});

test('a reload in the middle of a turn keeps everything', async ({ page }) => {
  await openDemo(page);
  await send(page, 'Keep this');
  await expect(transcript(page)).toContainText('demo without a model');
  await page.reload();
  await expect(transcript(page)).toContainText('Keep this');
  await expect(transcript(page)).toContainText('demo without a model');
  await expect(page.locator('.askc')).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(page.locator('.askc')).toBeVisible();
});

test('a second browser sees the same, live', async ({ page, browser, program }) => {
  const path = await openDemo(page);
  const other = await (await browser.newContext({ baseURL: program.url })).newPage();
  await other.goto(path);
  await expect(composer(other)).toBeVisible();
  await send(page, 'Seen by both');
  await expect(transcript(other)).toContainText('Seen by both');
  await expect(transcript(other)).toContainText('demo without a model');
  await expect(other.locator('.askc')).toBeVisible({ timeout: 30_000 });
  await other.locator('.askc').getByRole('button', { name: /^deny/i }).first().click();
  await expect(page.locator('.askc')).toBeHidden();
  await other.context().close();
});

test('a prompt to a busy session waits in the queue', async ({ page }) => {
  await openDemo(page);
  await send(page, 'The first');
  await expect(transcript(page)).toContainText('demo without a model');
  await send(page, 'The second, queued');
  await expect(page.locator('.main')).toContainText('The second, queued');
  await expect(composer(page)).toHaveValue('');
  await page.reload();
  await expect(page.locator('.main')).toContainText('The second, queued');
});

test('a draft outlives a reload', async ({ page }) => {
  await openDemo(page);
  const saved = page.waitForResponse((r) => r.url().endsWith('/draft') && r.ok());
  await composer(page).fill('Half a thought');
  await saved;
  await page.reload();
  await expect(composer(page)).toHaveValue('Half a thought');
});

test('a prompt that could not be sent outlives a reload and is sent once', async ({ page }) => {
  await openDemo(page);
  await page.route('**/turns', (route) => route.abort());
  await send(page, 'Do not lose me');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.reload();
  await expect(transcript(page)).toContainText('Do not lose me');
  await page.unroute('**/turns');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(transcript(page)).toContainText('demo without a model', { timeout: 20_000 });
  await page.reload();
  await expect(transcript(page).getByText('Do not lose me')).toHaveCount(1);
});
