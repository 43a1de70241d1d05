import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { expect, openDemo, test } from './program';

const sections = [
  'appearance',
  'reading',
  'writing',
  'notices',
  'models',
  'agents',
  'permissions',
  'tools',
  'health',
  'advanced',
] as const;

const finder = (page: Page) => page.getByRole('searchbox', { name: 'Find a setting' });

/** The height of a thing as it is drawn, in pixels. */
const height = (page: Page, css: string) =>
  page
    .locator(css)
    .first()
    .evaluate((el) => Math.round(el.getBoundingClientRect().height * 10) / 10);

test('a setting is found by another word for it, with keys alone', async ({ page }) => {
  await page.goto('/settings/appearance');
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(finder(page)).toBeFocused();
  await page.keyboard.type('beep');
  await expect(page.getByRole('button', { name: /^Sound/ })).toContainText('on this device');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/notices$/);
  await expect(page.getByRole('switch', { name: 'Sound' })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByRole('switch', { name: 'Sound' })).toBeChecked();

  await finder(page).fill('sound');
  await expect(page.locator('mark').first()).toHaveText(/sound/i);
  await finder(page).fill('zzz');
  await expect(page.getByText('No setting is called that.')).toBeVisible();
  await finder(page).press('Escape');
  await expect(page.getByRole('navigation', { name: 'Settings' })).toBeVisible();
});

test('a setting that was changed is found at its control, not at its reset', async ({ page }) => {
  await page.goto('/settings/advanced');
  const time = page.getByRole('textbox', { name: 'Time for a command' });
  await time.fill('300');
  await time.press('Enter');
  await expect(page.getByRole('button', { name: 'Reset: Time for a command' })).toBeVisible();
  await finder(page).fill('timeout');
  await finder(page).press('Enter');
  await expect(time).toBeFocused();
});

test('size and density hold at once, everywhere, also after a reload and without a flash', async ({ page }) => {
  await openDemo(page);
  const row = await height(page, '.side .row');
  await page.goto('/settings/appearance');
  const size = page.getByRole('slider', { name: 'Size' });
  const before = await height(page, '.doc .title');
  await size.fill('4');
  await expect(page.locator('html')).toHaveCSS('font-size', '22.4px');
  expect((await height(page, '.doc .title')) / before).toBeCloseTo(1.4, 1);
  await page.getByRole('button', { name: 'Compact' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');

  await page.goto('/');
  await expect(page.locator('html')).toHaveCSS('font-size', '22.4px');
  expect((await height(page, '.side .row')) / row).toBeCloseTo((1.4 * 26) / 30, 1);

  await page.goto('/settings/appearance');
  await page.getByRole('button', { name: 'Reset: Size' }).click();
  await expect(page.locator('html')).toHaveCSS('font-size', '16px');
});

test('face, column and motion change what is drawn', async ({ page }) => {
  await page.goto('/settings/appearance');
  const of = (name: string) => page.evaluate((n) => getComputedStyle(document.documentElement).getPropertyValue(n), name);
  await page.getByRole('button', { name: 'Instrument Sans' }).click();
  await expect.poll(() => of('--t-prose')).toBe('.9375rem');
  await page.getByRole('button', { name: 'Wide' }).click();
  await expect.poll(() => of('--measure')).toBe('46rem');
  await page.getByRole('button', { name: 'Less', exact: true }).click();
  await expect.poll(() => of('--m-in')).toBe('0s');
});

test('single letters do nothing once they are turned off', async ({ page }) => {
  await page.goto('/settings/writing');
  const letters = page.getByRole('switch', { name: 'Keys without Ctrl or Alt' });
  await letters.click();
  await expect(letters).not.toBeChecked();
  await page.keyboard.press('?');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox')).toBeVisible(); // what has Ctrl or ⌘ is still heard
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await letters.click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('all on this device goes back to what it was, and that can be undone', async ({ page }) => {
  await page.goto('/settings/reading');
  const follow = page.getByRole('switch', { name: 'Follow the answer' });
  await follow.click();
  await page.goto('/settings/advanced');
  await page.getByRole('button', { name: 'Reset all' }).click();
  await page.getByRole('link', { name: 'Reading' }).click();
  await expect(follow).toBeChecked();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(follow).not.toBeChecked();
});

test('what one browser sets for the server stands in another one', async ({ page, browser, program }) => {
  await page.goto('/settings/advanced');
  await expect(page.getByRole('switch', { name: 'Titles by the model' })).toBeChecked();
  const other = await browser.newContext({ baseURL: program.url });
  const second = await other.newPage();
  await second.goto('/settings/advanced');
  await second.getByRole('switch', { name: 'Titles by the model' }).click();
  const calls = second.getByRole('textbox', { name: 'Questions to a model in a turn' });
  await calls.fill('12');
  await calls.press('Enter');
  await expect(page.getByRole('switch', { name: 'Titles by the model' })).not.toBeChecked();
  await expect(page.getByRole('textbox', { name: 'Questions to a model in a turn' })).toHaveValue('12');
  await other.close();
});

test('a value that is refused stays as it was typed, with the reason', async ({ page }) => {
  await page.goto('/settings/advanced');
  const calls = page.getByRole('textbox', { name: 'Questions to a model in a turn' });
  await calls.fill('3');
  await calls.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: /from 5 to 1,?000/ })).toBeVisible();
  await expect(calls).toHaveValue('3');
  await expect(calls).toHaveAttribute('aria-invalid', 'true');
  await page.route('**/api/settings', (r) => (r.request().method() === 'PATCH' ? r.abort() : r.continue()));
  await calls.fill('30');
  await calls.press('Enter');
  await expect(calls).toHaveValue('30');
  await expect(calls).toHaveAttribute('aria-invalid', 'true');
});

test('new sessions work in the folder that is set', async ({ page, program }) => {
  const mine = join(program.home, 'mine');
  await mkdir(mine);
  await page.goto('/settings/models');
  const folder = page.getByRole('combobox', { name: 'Workspace' });
  await expect(folder).toHaveAttribute('placeholder', program.workspace);
  await folder.fill(program.home);
  await folder.press('Enter');
  const why = page.getByRole('alert').filter({ hasText: 'folder' });
  await expect(why).toBeVisible();
  await expect(folder).toHaveValue(program.home);
  await folder.fill(mine);
  await folder.press('Enter');
  await expect(why).toHaveCount(0);

  const made = await page.request.post('/api/sessions', { data: { agent: 'demo' } });
  expect(((await made.json()) as { session: { workspace: string } }).session.workspace).toBe(mine);
  await page.getByRole('button', { name: 'Reset: Workspace' }).click();
  await expect(folder).toHaveValue('');
  const next = await page.request.post('/api/sessions', { data: { agent: 'demo' } });
  expect(((await next.json()) as { session: { workspace: string } }).session.workspace).toBe(program.workspace);
});

test.describe('in every section', () => {
  test.use({ bypassCSP: true }); // for the script of axe only

  for (const { width, theme } of [
    { width: 1280, theme: 'light' },
    { width: 390, theme: 'dark' },
    { width: 1280, theme: 'dark' },
    { width: 390, theme: 'light' },
  ] as const) {
    test(`there are no barriers that axe can find: ${width}, ${theme}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 860 });
      await page.emulateMedia({ colorScheme: theme });
      for (const section of ['', ...sections]) {
        await page.goto(`/settings/${section}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.locator('.set, .item, .none, .pl a').first()).toBeVisible();
        await clean(page, `${section} ${width} ${theme}`);
      }
    });
  }

  test('nothing is wider than a narrow phone, also at 140 per cent', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    for (const text of ['100', '140']) {
      await page.goto('/settings');
      await page.evaluate((size) => localStorage.setItem('hermes.preferences', JSON.stringify({ text: size })), text);
      for (const section of ['', ...sections]) {
        await page.goto(`/settings/${section}`);
        await expect(page.locator('.set, .item, .none, .pl a').first()).toBeVisible();
        const wider = await page.evaluate(() =>
          [document.scrollingElement, document.querySelector('.page')].some((el) => el && el.scrollWidth > el.clientWidth + 1),
        );
        expect(wider, `${section} at ${text} per cent`).toBe(false);
      }
    }
  });
});
