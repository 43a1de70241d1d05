import type { Page } from '@playwright/test';
import { Between } from './between';
import { composer, expect, openDemo, send, test, transcript } from './program';

const shut = 'Hermes is not reachable.';

/** The worker is there and has the page's files. */
async function installed(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect.poll(() => kept(page)).toContain('/');
}

/** The paths of everything that any cache holds. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) paths.push(new URL(request.url).pathname);
    }
    return paths;
  });
}

function connection(page: Page, words: string) {
  return page.locator('.lines').getByText(words);
}

test('the page opens without the server, says so, and goes on by itself', async ({ page, program }) => {
  const path = await openDemo(page);
  await installed(page);
  await send(page, 'Before the server goes');
  await expect(page.getByRole('button', { name: /allow/i }).first()).toBeVisible({ timeout: 30_000 });
  await page.goto(path); // with the worker in charge: what is loaded later is kept as well
  await expect(transcript(page)).toContainText('demo without a model');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible(); // else it is not lost, but was never there

  await program.kill();
  await expect(connection(page, 'The connection to Hermes is lost.')).toBeVisible();
  await composer(page).fill('Typed while it was away');
  await page.reload();
  await expect(connection(page, shut)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible();
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute('data-state', 'stopped');
  await page.goto('/');
  await expect(connection(page, shut)).toBeVisible();
  await page.goto(path);

  await program.restart();
  await expect(transcript(page)).toContainText('Before the server goes', { timeout: 30_000 });
  await expect(composer(page)).toHaveValue('Typed while it was away');
  await expect(connection(page, shut)).toHaveCount(0);
  await expect(page.locator('.sess, .row').getByText('Before the server goes').first()).toBeVisible();

  const paths = await kept(page);
  expect(paths.filter((p) => !p.startsWith('/assets/'))).toEqual(['/']);
  expect(paths.filter((p) => p.endsWith('.woff2')).length).toBeGreaterThan(0);
});

test('words that were typed a moment before a reload are there after it', async ({ page }) => {
  await openDemo(page);
  await composer(page).fill('Not yet saved');
  await page.reload();
  await expect(composer(page)).toHaveValue('Not yet saved');
});

test('a browser finds nothing that speaks against installing it', async ({ page, context }) => {
  await page.goto('/');
  await installed(page);
  const devtools = await context.newCDPSession(page);
  const { errors, data, url } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '') as Record<string, unknown> & { icons: { src: string; sizes: string }[] };
  expect(manifest).toMatchObject({ id: '/', scope: '/', start_url: '/', display: 'standalone', name: 'Hermes' });
  for (const icon of manifest.icons) {
    const [width] = icon.sizes.split('x').map(Number);
    expect(await naturalWidth(page, new URL(icon.src, url).href), icon.src).toBe(width);
  }
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter((e) => e.errorId !== 'in-incognito')).toEqual([]); // tests run in private windows
});

function naturalWidth(page: Page, src: string): Promise<number> {
  return page.evaluate(async (from) => {
    const picture = new Image();
    picture.src = from;
    await picture.decode();
    return picture.naturalWidth;
  }, src);
}

test('a new version is offered and never forced', async ({ page, program }) => {
  const proxy = await Between.start(program.url);
  const path = await openDemo(page, proxy.url);
  await installed(page);
  await page.reload();
  await composer(page).fill('In the middle of a sen');

  proxy.upgrade();
  const notice = page.getByText('A new version is ready.');
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await expect(composer(page)).toHaveValue('In the middle of a sen');
  await page.evaluate(() => Object.assign(window, { before: true }));
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await page.waitForFunction(() => !('before' in window));
  await expect(composer(page)).toHaveValue('In the middle of a sen');
  await expect(page.locator('script[src$=".next.js"]')).toHaveCount(1);
  await expect(notice).toHaveCount(0);
  expect(new URL(page.url()).pathname).toBe(path);
  // The files of the version before are not kept any longer.
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).map((x) => x.split(' ').at(-1)))).toEqual(['next']);
  await proxy.stop();
});

test('an old tab whose files are gone from the server offers to reload', async ({ page, program }) => {
  const proxy = await Between.start(program.url);
  await openDemo(page, proxy.url);
  await expect(page.locator('link[rel="icon"][data-state]')).toHaveCount(1); // what offers it is there
  proxy.upgraded = true;
  await page.keyboard.press('Control+k');
  await expect(page.getByText('A new version is ready.')).toBeVisible();
  await proxy.stop();
});
