import { clean } from './barriers';
import { look } from './look';
import { expect, test } from './program';

test.use({ serviceWorkers: 'block' });

const row = (name: string) => `[data-check="${name}"]`;

test('every part of the program is shown with its state, and what helps', async ({ page, program }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Health', exact: true }).click();
  await expect(page).toHaveURL(/\/settings\/health$/);
  // No agent is on this machine, which is known once it was looked for: that needs a look, and no restart.
  await expect(async () => {
    await page.getByRole('button', { name: 'Check again' }).click({ timeout: 1000 });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Everything answers. One thing needs a look.', {
      timeout: 1500,
    });
  }).toPass({ timeout: 60_000 });
  await expect(page.locator(row('agent'))).toContainText('needs a look');
  await expect(page.getByText('Install an agent or connect a model provider in the settings.')).toBeVisible();
  await expect(page.locator(row('writer')).getByRole('img', { name: 'fine' })).toBeVisible();
  await expect(page.locator(row('writer'))).toContainText(/ms$/);
  await expect(page.locator(row('disk'))).toContainText('free');
  await expect(page.locator(row('projects'))).toContainText('none');
  await expect(page.getByText('no supervisor')).toBeVisible();

  await expect(page.getByRole('button', { name: 'Check again' })).toBeVisible();
  const asked = page.waitForResponse('**/api/health');
  await page.getByRole('button', { name: 'Check again' }).click();
  expect((await asked).status()).toBe(200);

  await program.kill();
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The server does not answer.');
  await expect(page.getByRole('alert').first()).toContainText('Check that it is running');
  await expect(page.locator('[data-check]')).toHaveCount(0);
  await program.restart();
  await expect(page.locator(row('writer'))).toBeVisible({ timeout: 30_000 }); // by itself
});

for (const [locale, title, says] of [
  ['en-GB', '2 things do not work.', 'Nothing is saved: the writer of the database is stuck.'],
  ['de-DE', '2 Dinge gehen nicht.', 'Nichts wird gespeichert: Das Schreiben in die Datenbank hängt.'],
] as const) {
  for (const width of [1280, 320]) {
    test.describe(`${locale} at ${width}`, () => {
      test.use({ locale, viewport: { width, height: 800 }, hasTouch: width < 700 });

      test('what does not work is said first and can be read', async ({ page }) => {
        await page.route('**/api/health', async (route) => {
          const response = await route.fetch();
          const report = await response.json();
          report.started_by = { name: 'systemd', signal: 'SYSTEMD_EXEC_PID', certainty: 'certain' };
          Object.assign(report.checks.writer, {
            status: 'blocked',
            ms: 2000.4,
            says: 'Nothing is saved: the writer of the database is stuck.',
            fix: 'End other programs that use the database, then restart the server.',
          });
          Object.assign(report.checks.store, { status: 'error', says: 'The database cannot be read.', fix: '' });
          report.checks.of_a_newer_server = { status: 'ok', says: 'Well.', ms: 12 };
          await route.fulfill({ response, json: report });
        });
        await page.goto('/settings/health');
        await expect(page.getByRole('heading', { name: title })).toBeVisible();
        await expect(page.getByText(says)).toBeVisible();
        await expect(page.locator(row('of_a_newer_server'))).toContainText('of a newer server');
        await expect(page.getByText('SYSTEMD_EXEC_PID')).toBeVisible();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await clean(page, `health, ${locale}, ${width}, ${colorScheme}`);
          if (process.env.SHOTS) {
            await page.screenshot({ path: `${process.env.SHOTS}/health-${locale}-${width}-${colorScheme}.png` });
            await page.locator('.page').evaluate((el) => el.scrollTo(0, 9999));
            await page.screenshot({ path: `${process.env.SHOTS}/health-${locale}-${width}-${colorScheme}-end.png` });
            await page.locator('.page').evaluate((el) => el.scrollTo(0, 0));
          }
        }
      });
    });
  }
}

test('what the menu of the tray does, the page does too', async ({ page, program }) => {
  await page.goto('/settings/health');
  const logs = page.locator('.set:has(b:text-is("Logs"))');
  await expect(logs).toContainText(program.home);
  await page.getByRole('button', { name: 'Restart agents' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The agents have ended.' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Restart server' }).click();
  await expect(page.getByText('The server has restarted.').first()).toBeVisible({ timeout: 20_000 });
  const stop = page.getByRole('button', { name: 'Stop server' });
  await stop.click();
  await expect(page.getByText('Nobody will answer here until the program is started again on its machine.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Leave it running' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(stop).toBeFocused();
  await stop.click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await clean(page, `system, ${colorScheme}`);
  }
  await look(page, 'system');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The server is stopping.' }).first()).toBeAttached();
  await expect(page.getByText('Connection lost').first()).toBeVisible({ timeout: 30_000 });
  await program.restart();
  await expect(page.locator(row('writer'))).toBeVisible({ timeout: 30_000 });
});
