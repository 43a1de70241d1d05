import { clean } from './barriers';
import { test } from './direct';
import { expect } from './program';
import { tour } from './tour';

test.use({ bypassCSP: true }); // for the script of axe only

for (const width of [1280, 390]) {
  test(`no screen or state has barriers that axe can find: ${width}`, async ({ page, program, model }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const found: string[] = [];
    const see = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await clean(page, `${name}, ${colorScheme}`).catch((err: Error) => found.push(err.message));
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) found.push(`${name}: ${wide} pixels wider than the window`);
    };
    await tour({ page, program, model, see, phone: width < 760 });
    expect(found.join('\n')).toBe('');
  });
}
