import { openDirect, test } from './direct';
import { expect, send, transcript } from './program';

test('a screen that is left at once takes nothing with it', async ({ page, model }) => {
  const faults: string[] = [];
  page.on('pageerror', (e) => faults.push(String(e)));
  model.script = () => ({ text: 'A paragraph.\n\n'.repeat(100) });
  await openDirect(page, model);
  await send(page, 'Tell me');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden();
  await transcript(page).press('Home');
  await expect(page.locator('.latest')).toBeVisible();
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.latest')?.click();
    document.querySelector<HTMLElement>('a[href$="/settings"]')?.click();
  });
  await expect(transcript(page)).toHaveCount(0);
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(faults).toEqual([]);
});

test('a menu that goes with its screen says nothing', async ({ page, model }) => {
  const faults: string[] = [];
  page.on('pageerror', (e) => faults.push(String(e)));
  model.script = () => ({ text: '| a | b |\n|---|---|\n| 1 | 2 |' });
  await openDirect(page, model);
  await send(page, 'Tell me');
  const menu = transcript(page).getByRole('menu');
  await page.getByRole('button', { name: 'What can be done with this table' }).click();
  await expect(menu).toBeVisible();
  await expect(menu.getByRole('menuitem').first()).toHaveCSS('font-family', /Instrument Sans/);
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.log [popover]:popover-open')?.hidePopover();
    document.querySelector<HTMLElement>('a[href$="/settings"]')?.click();
  });
  await expect(transcript(page)).toHaveCount(0);
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(faults).toEqual([]);
});
