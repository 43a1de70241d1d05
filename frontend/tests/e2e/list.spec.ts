import type { Page } from '@playwright/test';
import { composer, expect, openDemo, test } from './program';

async function make(page: Page, ...titles: string[]): Promise<void> {
  for (const title of titles) {
    const r = await page.request.post('/api/sessions', { data: { agent: 'demo', title } });
    expect(r.ok()).toBe(true);
  }
}

test('the list is walked by key, and a row is renamed, pinned, trashed and brought back', async ({ page }) => {
  await openDemo(page);
  await make(page, 'Alpha', 'Beta');
  const rows = page.locator('.side [data-row]');
  await expect(rows).toHaveCount(3);

  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(rows.first()).toHaveText(/Beta/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Beta');
  await expect(page).toHaveTitle(/^Beta/);

  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.type('Gamma');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Gamma');
  await expect(rows.first()).toContainText('Gamma');

  await act(page, 'Alpha', 'Pin');
  await expect(page.locator('.side .grp').first()).toContainText('Pinned');
  await act(page, 'Alpha', 'Rename');
  await page.getByRole('textbox', { name: 'Title' }).fill('Delta');
  await page.keyboard.press('Enter');
  await expect(page.locator('.side')).toContainText('Delta');

  await act(page, 'Gamma', 'Move to trash');
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/\/$/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(3);
});

test('a trashed session says so and can be restored, and an unknown one is not here', async ({ page }) => {
  const path = await openDemo(page);
  const gone = await page.request.delete(`/api${path.replace('/s/', '/sessions/')}`);
  expect(gone.ok()).toBe(true);
  await page.reload();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(composer(page)).toBeVisible();
  await page.goto('/s/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV');
  await expect(page.getByRole('heading', { name: 'This session is not here' })).toBeVisible();
});

test('N begins a session, the slash filters, and letters typed into a field do neither', async ({ page }) => {
  await openDemo(page);
  await make(page, 'Needle', 'Hay');
  await page.locator('.side [data-row]').first().focus();
  await page.keyboard.press('/');
  await page.keyboard.type('n');
  await page.keyboard.type('eed');
  await expect(page.locator('.side [data-row]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.side [data-row]')).toHaveCount(3);
  await page.locator('.side [data-row]').first().focus();
  await page.keyboard.press('n');
  await expect(page.locator('.side [data-row]')).toHaveCount(4);
});

async function act(page: Page, title: string, action: string): Promise<void> {
  const row = page.locator('.side li', { has: page.locator('[data-row]', { hasText: title }) });
  await row.hover();
  await row.getByRole('button', { name: `Actions for ${title}` }).click();
  await row.getByRole('menuitem', { name: action }).click();
}
