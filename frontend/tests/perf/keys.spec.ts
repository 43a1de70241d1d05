import { expect, type Page } from '@playwright/test';
import { composer, transcript } from '../e2e/program';
import { meter, more, quantile, say, test } from './bench';

/** Goals for a key in the composer: what the main thread spends, and against an empty session. */
const goal = { p95: 6, ratio: 1.2 };

const text = 'What happens to a job that is due in the hour that comes twice, ';

test('a key in the composer, with 2,000 messages open', async ({ page, bench }) => {
  test.setTimeout(600_000);
  const none = await bench.session(0);
  const many = await bench.session(2000);
  const empty: number[] = [];
  const full: number[] = [];
  for (let n = 0; n < 3; n++) {
    await page.goto(none);
    await expect(composer(page)).toBeVisible();
    empty.push(await type(page, 'an empty session'));
    await page.goto(many);
    await up(page);
    full.push(await type(page, `2,000 messages, ${await transcript(page).locator('.turn').count()} turns in the document`));
  }
  const best = Math.min(...full);
  expect.soft(best, 'p95 of a key in ms').toBeLessThan(goal.p95);
  expect.soft(best / Math.min(...empty), 'against an empty session').toBeLessThanOrEqual(goal.ratio);
});

/** Scrolls up until as many turns as possible are in the document, and back to the end of them. */
async function up(page: Page): Promise<void> {
  const log = transcript(page);
  await expect(log.locator('.turn').last()).toBeInViewport();
  for (let n = 0; n < 6; n++) {
    await log.evaluate((box) => {
      box.scrollTop = 0;
    });
    await page.waitForTimeout(300);
  }
}

/** What a key costs: script, style and layout on the main thread, p95 in ms. */
async function type(page: Page, where: string): Promise<number> {
  const { cdp, spent } = await meter(page);
  await composer(page).fill('');
  await composer(page).focus();
  await page.waitForTimeout(1500);
  const costs: number[] = [];
  let before = await spent();
  for (const key of text.repeat(4).slice(0, 200)) {
    await page.keyboard.press(key === ' ' ? 'Space' : key === ',' ? 'Comma' : key);
    await page.waitForTimeout(40);
    const after = await spent();
    costs.push(more(after, before, 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'));
    before = after;
  }
  const p95 = quantile(costs, 0.95);
  say(`a key in ${where}: ${quantile(costs, 0.5).toFixed(2)} ms median, ${p95.toFixed(2)} ms p95`);
  await composer(page).fill('');
  await cdp.detach();
  return p95;
}
