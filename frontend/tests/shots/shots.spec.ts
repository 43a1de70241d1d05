import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from '../e2e/direct';
import { tour } from '../e2e/tour';

const out = 'tests/shots/out';
/** SHOTS_WIDTHS=1600,320 takes other ones, SHOTS_FORCED=1 colours that the system forces, SHOTS_LANGUAGE=de the words. */
const language = process.env.SHOTS_LANGUAGE ?? 'en';
/** What a new language closes, for it draws all anew. */
const open = /edited|why|picker|keys|menu|palette|sheet|slash|find|picture-|mention|ways|next|later|list-|queue|connect/;
const widths = (process.env.SHOTS_WIDTHS ?? '1280,390').split(',').map(Number);

for (const width of widths) {
  test(`pictures at ${width}`, async ({ page, program, model }) => {
    const phone = width < 760;
    const height = phone ? 844 : 800;
    mkdirSync(out, { recursive: true });
    for (const old of readdirSync(out)) if (old.startsWith(`${width}-`)) rmSync(`${out}/${old}`);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: process.env.SHOTS_FORCED ? 'active' : null });
    let n = 0;
    const see = async (name: string) => {
      n += 1;
      if (language !== 'en' && open.test(name)) return;
      await page.evaluate(() => document.fonts.ready);
      if (language !== 'en') await speak(page, language);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${out}/${width}-${String(n).padStart(2, '0')}-${name}.${colorScheme}.png` });
      }
      if (language !== 'en') await speak(page, 'en'); // by its words the tour finds its way
    };
    await tour({ page, program, model, see, phone });
  });
}

/** As the setting does, in this window; what is open stays open. */
async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((language) => {
    const key = 'hermes.preferences';
    localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key) ?? '{}'), language }));
    dispatchEvent(new StorageEvent('storage', { key }));
  }, language);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}
