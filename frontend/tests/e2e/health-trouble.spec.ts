import { clean } from './barriers';
import { look } from './look';
import { expect, openDemo, send, test } from './program';

test.use({ serviceWorkers: 'block' });

const title = (of: import('@playwright/test').Page) => of.getByRole('heading', { level: 1 });

test('a server that was stopped is said to be away, and to be back', async ({ page, program }) => {
  await page.goto('/settings/health');
  const stop = page.getByRole('button', { name: 'Stop server' });
  await stop.click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The server is stopping.' }).first()).toBeAttached();
  await expect(page.getByRole('button', { name: 'Leave it running' })).toBeHidden();
  await expect(stop).toBeFocused();
  await expect(stop).toBeDisabled();
  await expect(title(page)).toHaveText('The server does not answer.', { timeout: 30_000 });
  await expect(page.getByText('This is how it was before.')).toBeVisible();
  await look(page, 'system-away');
  await program.restart();
  await expect(title(page)).not.toHaveText('The server does not answer.', { timeout: 30_000 });
  await expect(stop).toBeEnabled();
});

test('a restart by key leaves the focus where it was', async ({ page }) => {
  await page.goto('/settings/health');
  const restart = page.getByRole('button', { name: 'Restart server' });
  await restart.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The server has restarted.').first()).toBeVisible({ timeout: 20_000 });
  await expect(restart).toBeFocused();
});

test('turns that began after the look are asked about before agents restart', async ({ page, context }) => {
  await page.goto('/settings/health');
  await expect(page.locator('[data-check]').first()).toBeVisible();
  const other = await context.newPage();
  await openDemo(other);
  await send(other, 'Show me around');
  const restart = page.getByRole('button', { name: 'Restart agents' });
  await expect(page.locator('.hl', { hasText: 'Turns that run or wait' })).toContainText(/1$/);
  await restart.click();
  await page.getByRole('button', { name: 'Break off and restart' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The agents have ended.' }).first()).toBeVisible();
  await expect(restart).toBeFocused();
});

test('a server that hangs is not waited for without end', async ({ page }) => {
  await page.route('**/api/health', () => {}); // never answered
  await page.goto('/settings/health');
  await expect(page.getByText('Every part is being asked.')).toBeVisible();
  await expect(title(page)).toHaveText('The server does not answer.', { timeout: 30_000 });
  await page.unroute('**/api/health');
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.locator('[data-check]').first()).toBeVisible();
});

test('a server that refuses is not said to be away', async ({ page }) => {
  await page.goto('/settings/health');
  await expect(page.locator('[data-check]').first()).toBeVisible();
  const detail = 'You are not logged in. Log in and try again.';
  const refuse = (route: import('@playwright/test').Route) =>
    route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'denied', detail }) });
  await page.route(/\/api\/(system|agents)/, refuse);
  await page.getByRole('button', { name: 'Restart agents' }).click();
  const said = page.getByRole('alert').filter({ hasText: detail });
  await expect(said).toBeVisible();
  const danger = await said.evaluate((el) => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--danger)';
    const [color, want] = [getComputedStyle(el).color, getComputedStyle(probe).color];
    probe.remove();
    return color === want;
  });
  expect(danger).toBe(true);
  await page.route('**/api/health', refuse);
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByRole('alert').filter({ hasText: detail })).toBeVisible();
  await expect(title(page)).toHaveText('Health');
});

test.describe('on a narrow screen with large text', () => {
  test.use({ viewport: { width: 320, height: 700 }, hasTouch: true });

  test('many checks with long words stay on the page', async ({ page }) => {
    await page.route('**/api/health', async (route) => {
      const response = await route.fetch();
      const report = await response.json();
      const says = `The folder /home/somebody/${'a_long_name_without_spaces/'.repeat(9)} cannot be read.`;
      for (let i = 0; i < 30; i++) {
        const status = ['ok', 'warning', 'error', 'blocked', 'missing'][i % 5];
        report.checks[`part_${i}_with_averyverylongnamewithoutanyend`] = { status, says, fix: 'Read the log.', ms: 123456.7 };
      }
      await route.fulfill({ response, json: report });
    });
    await page.goto('/settings/health');
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '140%'));
    await expect(page.locator('[data-check]').nth(35)).toBeAttached();
    const beyond = await page.locator('.page').evaluate((el) => el.scrollWidth - el.clientWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    await clean(page, 'health, 30 checks, 320, 140 %');
    if (process.env.SHOT_DIR) {
      await page.locator('[data-check^=part_6]').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${process.env.SHOT_DIR}/system-many.png` });
    }
  });
});
