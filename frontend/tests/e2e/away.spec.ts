import type { BrowserContext, Page } from '@playwright/test';
import { composer, expect, openDemo, send, test, transcript } from './program';

interface Told {
  visible: boolean;
  session?: string;
}

/** What the server was told about this browser, in order; only what it took. */
function presence(context: BrowserContext): Told[] {
  const told: Told[] = [];
  context.on('response', (answer) => {
    const asked = answer.request();
    if (asked.method() === 'PUT' && asked.url().includes('/api/clients/') && answer.ok()) told.push(asked.postDataJSON() as Told);
  });
  return told;
}

/** Notifications that the browser shows for this page. Not while one is about to be shown: Chromium would lose it. */
function shown(page: Page): Promise<{ title: string; body: string; tag: string }[]> {
  return page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    const all = await navigator.locks.request('hermes.notifications', () => worker.getNotifications());
    return all.map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

/** Hides the page as another tab in front of it would: a headless browser shows all tabs at once. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((is) => {
    Object.defineProperty(document, 'visibilityState', { value: is ? 'hidden' : 'visible', configurable: true });
    Object.defineProperty(document, 'hidden', { value: is, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

function mark(page: Page) {
  return page.locator('link[rel="icon"]');
}

test('the server knows what is in front of a person, in whichever tab', async ({ page, context }) => {
  const told = presence(context);
  const first = (await openDemo(page)).replace('/s/', '');
  await expect.poll(() => told.at(-1)).toEqual({ visible: true, session: first });
  const other = await context.newPage();
  await other.goto('/settings');
  await hide(page, true);
  await expect.poll(() => told.at(-1)).toEqual({ visible: true });
  await hide(other, true);
  await expect.poll(() => told.at(-1)).toEqual({ visible: false });
  await hide(page, false);
  await expect.poll(() => told.at(-1)).toEqual({ visible: true, session: first });
});

test('the tab says by its mark what goes on', async ({ page }) => {
  await openDemo(page);
  await expect(mark(page)).toHaveAttribute('data-state', 'ready');
  await send(page, 'Work, then ask');
  await expect(mark(page)).toHaveAttribute('data-state', 'working');
  await expect(mark(page)).toHaveAttribute('data-state', 'needs', { timeout: 30_000 });
  await expect(page).toHaveTitle(/^\(1\) /);
  await page.getByRole('button', { name: /allow/i }).first().click();
  await expect(mark(page)).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
});

test('an ask is told when no page is visible, once, and taken back when it is answered', async ({ page, context }) => {
  await context.grantPermissions(['notifications']);
  await page.addInitScript(() =>
    localStorage.setItem('hermes.preferences', JSON.stringify({ 'notify-ask': 'on', 'notify-end': 'on' })),
  );
  const path = await openDemo(page);
  const other = await context.newPage();
  await other.goto(path);
  await expect(composer(other)).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  for (const tab of [page, other]) await expect(mark(tab)).toHaveAttribute('data-state', 'ready');
  await send(page, 'Ask while nobody looks');
  for (const tab of [page, other]) await hide(tab, true);

  await expect(mark(page)).toHaveAttribute('data-state', 'needs', { timeout: 30_000 });
  await expect.poll(() => shown(page), { timeout: 20_000 }).toHaveLength(1);
  const [asked] = await shown(page);
  expect(asked?.body).toMatch(/^Needs you: /);
  expect(asked?.tag).toMatch(/^hermes:ask_/);

  await other.getByRole('button', { name: /allow/i }).first().click();
  await expect(mark(page)).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
  await expect.poll(async () => (await shown(page)).map((x) => x.tag.slice(0, 10)), { timeout: 20_000 }).toEqual(['hermes:trn']);
  expect((await shown(page))[0]?.body).toBe('Hermes has answered.');
  await hide(page, false); // its session is seen now
  await expect.poll(() => shown(page)).toEqual([]);
});

test('what is in front of a person is not told', async ({ page, context }) => {
  await context.grantPermissions(['notifications']);
  await page.addInitScript(() =>
    localStorage.setItem('hermes.preferences', JSON.stringify({ 'notify-ask': 'on', 'notify-end': 'on' })),
  );
  await openDemo(page);
  await expect(mark(page)).toHaveAttribute('data-state', 'ready');
  await send(page, 'Ask in front of me');
  await page.getByRole('button', { name: /allow/i }).first().click({ timeout: 30_000 });
  await expect(transcript(page)).toContainText('That is the whole demo', { timeout: 30_000 });
  await expect(mark(page)).toHaveAttribute('data-state', 'ready');
  expect(await shown(page)).toEqual([]);
});

test('notifications are offered once, after something was missed; a no is remembered', async ({ page }) => {
  // Headless Chromium has denied them from the start, where a browser asks.
  await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { value: 'default' }));
  await openDemo(page);
  const offer = page.getByText('Hermes can tell you when it needs you');
  await expect(mark(page)).toHaveAttribute('data-state', 'ready');
  await expect(offer).toHaveCount(0);
  await send(page, 'Ask while I am away');
  await hide(page, true);
  await expect(mark(page)).toHaveAttribute('data-state', 'needs', { timeout: 30_000 });
  await expect(offer).toBeVisible();
  await hide(page, false);
  await page.getByRole('button', { name: 'Not now' }).click();
  await expect(offer).toHaveCount(0);
  await hide(page, true);
  await page.getByRole('button', { name: /allow/i }).first().click();
  await expect(mark(page)).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
  await expect(transcript(page)).toContainText('That is the whole demo', { timeout: 30_000 });
  await expect(offer).toHaveCount(0);
});
