import { answer } from '../e2e/answer';
import { Model, promptOf } from '../e2e/model';
import { expect, send, test, transcript } from '../e2e/program';

const size = 16_000;
/** About 200 tokens of four characters in a second. */
const gap = 6;
const turns = 40;

interface Seen {
  flushes: number[];
  long: number;
}

test('16 KB at 200 tokens in a second into a long session', async ({ page, program }) => {
  test.setTimeout(240_000);
  const text = answer.repeat(Math.ceil(size / answer.length)).slice(0, size);
  const model = await Model.start((asked) => (promptOf(asked) === 'Go' ? { text, gap } : { text: answer }));
  await page.request.put(`${program.url}/api/providers/scripted`, {
    data: { name: 'Scripted', kind: 'openai', base_url: model.url, key: 'none' },
  });
  const made = await page.request.post(`${program.url}/api/sessions`, { data: { agent: 'direct', model: 'scripted/scripted' } });
  const { session } = (await made.json()) as { session: { id: string } };
  await page.addInitScript(() => {
    const seen: Seen = { flushes: [], long: 0 };
    Object.assign(window, { seen });
    // What is new is shown in a frame's callback and in the microtasks that it leaves.
    const real = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (run) =>
      real((now) => {
        const began = performance.now();
        run(now);
        void Promise.resolve()
          .then(() => undefined)
          .then(() => seen.flushes.push(performance.now() - began));
      });
    new PerformanceObserver((list) => {
      seen.long += list.getEntries().length;
    }).observe({ type: 'longtask' });
  });
  await page.goto(`${program.url}/s/${session.id}`);
  for (let n = 1; n <= turns; n++) {
    await send(page, `Before ${n}`);
    await expect(transcript(page).locator('.e.ag')).toHaveCount(n, { timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden({ timeout: 30_000 });
  }
  await page.waitForTimeout(2000);
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen };
    seen.flushes.length = 0;
    seen.long = 0;
  });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => new Map((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value * 1000]));
  const before = await spent();
  await send(page, 'Go');
  // Nothing is asked of the page meanwhile: that would be measured as well.
  await page.waitForTimeout((text.match(/\S+/g)?.length ?? 0) * (gap + 2) + 3000);
  const after = await spent();
  const { flushes, long } = await page.evaluate(() => (window as unknown as { seen: Seen }).seen);
  const sorted = flushes.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  const sum = (name: string) => `${name} ${Math.round((after.get(name) ?? 0) - (before.get(name) ?? 0))} ms`;
  console.log(
    `${sorted.length} flushes; script of a flush: median ${at(0.5)} ms, 95 % ${at(0.95)} ms; ${long} long tasks\n` +
      `main thread together: ${['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'].map(sum).join(', ')}`,
  );
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await model.stop();
});
