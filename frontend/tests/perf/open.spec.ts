import { expect } from '@playwright/test';
import { transcript } from '../e2e/program';
import { heap, meter, more, say, test } from './bench';

test('a session of 2,000 messages is opened', async ({ page, bench }) => {
  await page.goto(bench.empty);
  const { cdp, spent } = await meter(page);
  for (const [path, name] of [
    [bench.long, '500 messages'],
    [bench.longest, '2,000 messages'],
  ] as const) {
    await page.goto(bench.empty);
    const link = page.locator(`.side a[href="${path}"]`);
    await expect(link).toBeVisible();
    await page.waitForTimeout(1500);
    const before = await spent();
    const took = await link.evaluate(async (el: HTMLElement) => {
      const begun = performance.now();
      el.click();
      while (!document.querySelector('[role=log] .e.ag')) await new Promise((done) => requestAnimationFrame(done));
      return performance.now() - begun;
    });
    await expect(transcript(page).locator('.e.ag').last()).toBeInViewport();
    await page.waitForTimeout(1500);
    const after = await spent();
    say(
      `${name} opened after ${took.toFixed(0)} ms; main thread ${more(after, before, 'TaskDuration').toFixed(0)} ms ` +
        `(script ${more(after, before, 'ScriptDuration').toFixed(0)}, layout ${more(after, before, 'LayoutDuration', 'RecalcStyleDuration').toFixed(0)}); ` +
        `heap ${(await heap(cdp)).toFixed(1)} MB`,
    );
  }
});
