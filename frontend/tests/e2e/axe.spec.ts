import { clean } from './barriers';
import { expect, openDemo, send, test, transcript } from './program';

test.use({ bypassCSP: true }); // for the script of axe only

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`no barriers that axe can find: ${scheme}, ${width}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });

      await page.goto('/');
      await page.getByRole('button', { name: 'Connect a model' }).click();
      await clean(page, 'first run');

      const path = await openDemo(page);
      await clean(page, 'empty session');
      await send(page, 'Check me');
      await expect(page.getByRole('button', { name: /allow/i }).first()).toBeVisible({ timeout: 30_000 });
      await clean(page, 'ask');
      await page.goto('/');
      await expect(page.locator('[data-row]')).toHaveCount(1);
      await clean(page, 'list');
      await page.goto(path);
      await page.getByRole('button', { name: /allow/i }).first().click();
      await expect(transcript(page)).toContainText('That is the whole demo', { timeout: 30_000 });
      await clean(page, 'finished turn');
      await page.goto('/settings');
      await expect(page.getByRole('heading').first()).toBeVisible();
      await clean(page, 'settings');
      await page.goto('/settings/models');
      await page.getByRole('button', { name: 'Connect OpenAI' }).click();
      await page.getByRole('button', { name: 'Add a provider of your own' }).click();
      await page.getByRole('button', { name: 'Add provider' }).click();
      await clean(page, 'settings, models');
      await page.goto('/settings/agents');
      await expect(page.locator('.item').first()).toBeVisible();
      await clean(page, 'settings, agents');
      await page.goto('/settings/permissions');
      await expect(page.getByText('There are no rules')).toBeVisible();
      await clean(page, 'settings, no rules');
      await page.goto('/settings/tools');
      await page.getByRole('button', { name: 'Add an MCP server' }).click();
      await page.getByRole('textbox', { name: 'Command' }).fill('npx -y "a b"');
      await page.getByRole('button', { name: 'Add a value' }).click();
      await clean(page, 'settings, tools');
      await page.goto('/settings/health');
      await expect(page.getByRole('button', { name: 'Restart server' })).toBeVisible();
      await clean(page, 'settings, health');
    });
  }
}
