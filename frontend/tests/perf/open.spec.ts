import { expect } from '@playwright/test';
import { transcript } from '../e2e/program';
import { heap, meter, more, say, test } from './bench';

test('a session of 2,000 messages is opened', async ({ page, bench }) => {
  test.setTimeout(600_000);
  const empty = await bench.session(0);
  await page.goto(empty);
  const { cdp, spent } = await meter(page);
  for (const messages of [500, 2000] as const) {
    const path = await bench.session(messages);
    await page.goto(empty);
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
      `${messages} messages opened after ${took.toFixed(0)} ms; main thread ${more(after, before, 'TaskDuration').toFixed(0)} ms ` +
        `(script ${more(after, before, 'ScriptDuration').toFixed(0)}, layout ${more(after, before, 'LayoutDuration', 'RecalcStyleDuration').toFixed(0)}); ` +
        `heap ${(await heap(cdp)).toFixed(1)} MB`,
    );
  }
});
