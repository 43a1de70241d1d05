import { blunder, dice, nonsense, talker } from './clumsy';
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

test('a clumsy person breaks nothing', async ({ page, model }) => {
  const faults = new Set<string>();
  page.on('pageerror', (e) => faults.add(String(e.stack)));
  page.on('dialog', (d) => void d.accept());
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) faults.add(m.text()); // a draft that was overtaken
  });
  page.on('response', (r) => {
    if (r.status() >= 500) faults.add(`${r.status()} ${r.url()}`);
  });
  model.script = talker();
  const path = await openDirect(page, model);
  await send(page, 'P0p hello');
  const roll = dice(11);
  for (let n = 1; n <= 120; n++) {
    await blunder(page, roll, n).catch(() => ''); // what is covered, or not there, cannot be done
    for (const words of await nonsense(page).catch(() => [])) faults.add(words);
  }
  expect([...faults]).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(path);
  await expect(transcript(page).or(page.getByText('in the trash')).first()).toBeVisible();
  expect([...faults]).toEqual([]);
});
