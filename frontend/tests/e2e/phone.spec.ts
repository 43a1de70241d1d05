import { composer, expect, send, test, transcript } from './program';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('a phone goes from the first run through a turn to the list and back', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try the demo' }).tap();
  await expect(composer(page)).toBeVisible();
  await composer(page).fill('From a phone');
  await page.getByRole('button', { name: /send/i }).tap();
  await expect(transcript(page)).toContainText('demo without a model');

  const bar = page.getByRole('navigation', { name: 'Main' });
  await bar.getByRole('link', { name: 'Sessions' }).tap();
  await expect(page.locator('.prow')).toHaveCount(1);
  await expect(bar.locator('.bdg')).toBeVisible({ timeout: 30_000 });
  await page.locator('.prow').tap();
  await page.getByRole('button', { name: /allow/i }).first().tap();
  await expect(transcript(page)).toContainText('That is the whole demo', { timeout: 30_000 });

  await page.getByRole('link', { name: 'Back to sessions' }).tap();
  await bar.getByRole('link', { name: 'Transcript' }).tap();
  await expect(transcript(page)).toContainText('From a phone');
  await bar.getByRole('link', { name: 'Work' }).tap();
  await expect(page.getByRole('heading', { name: 'Changes' })).toBeVisible();
  await expect(page.locator('.plan')).toContainText('4 of 4');
  await bar.getByRole('link', { name: 'More' }).tap();
  await page.getByRole('button', { name: 'Dark' }).tap();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('link', { name: 'Settings' }).tap();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('nothing is wider than a phone, and what is pressed is large enough', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try the demo' }).tap();
  await send(page, 'Wide tables and code');
  await expect(page.getByRole('button', { name: /allow/i }).first()).toBeVisible({ timeout: 30_000 });
  const settings = ['', '/models', '/permissions', '/tools', '/agents', '/server'].map((x) => `/settings${x}`);
  for (const path of [new URL(page.url()).pathname, '/', ...settings]) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await page.locator('.tabbar a, .phead .ico, .prow').evaluateAll(small)).toEqual([]);
  }
});

function small(all: Element[]): string[] {
  return all.flatMap((el) => {
    const { width, height } = el.getBoundingClientRect();
    return width >= 44 && height >= 44 ? [] : [`${el.className} ${width}x${height}`];
  });
}
