import { expect, openDemo, test } from './program';

test('a key is stored and never shown again', async ({ page }) => {
  const key = 'sk-e2e-never-to-be-seen';
  const bodies: Promise<string>[] = [];
  page.on('response', (r) => {
    if (r.url().includes('/api/')) bodies.push(r.text().catch(() => ''));
  });
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Connect OpenAI' }).click();
  // A server that is not there: nothing leaves this machine.
  await page.getByLabel('Address').fill('http://127.0.0.1:9/v1');
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('A key is stored')).toBeVisible();
  await page.reload();
  await expect(page.getByText('A key is stored')).toBeVisible();
  await expect(page.getByText('these settings')).toBeVisible();
  expect(await page.content()).not.toContain(key);
  await page.goto('about:blank'); // ends the event stream, whose body never ends before
  expect((await Promise.all(bodies)).join()).not.toContain(key);
});

test('a bad address is refused with a sentence', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Connect OpenAI' }).click();
  await page.getByLabel('Address').fill('not an address');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('The address must look like');
});

test('the sheet is kept on this device', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Lamp, dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Like the system' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test('the server restarts under the page', async ({ page }) => {
  await openDemo(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Restart server' }).click();
  await expect(page.getByText('The server has restarted.').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.foot')).toContainText('Connected');
});
