import type { Page } from '@playwright/test';

const wide = { width: 1280, height: 860 };

/** Pictures of what stands on the page, where a folder for them is named: light, dark, and on a phone. */
export async function look(page: Page, name: string): Promise<void> {
  const dir = process.env.SHOT_DIR;
  if (!dir) return;
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: `${dir}/${name}-${scheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${dir}/${name}-phone.png` });
  await page.setViewportSize(wide);
}
