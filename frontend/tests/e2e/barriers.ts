import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Expects no barriers that axe can find. Its script needs a page with bypassCSP. */
export async function clean(page: Page, place: string): Promise<void> {
  const found = await page.evaluate(async (source) => {
    // In the middle of a change of colours, e.g. to the dark theme, nothing has the ones it will have.
    const changing = document
      .getAnimations()
      .filter((a) => a.playState === 'running' && a.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(changing.map((a) => a.finished.catch(() => null)));
    if (!('axe' in window)) new Function(source).call(window);
    const { run } = (window as unknown as { axe: { run: (node: Document, options: object) => Promise<AxeResults> } }).axe;
    const result = await run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  }, axe);
  expect(found, place).toEqual([]);
}
