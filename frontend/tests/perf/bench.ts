import { loadavg } from 'node:os';
import { type APIRequestContext, test as base, type CDPSession, type Page, request } from '@playwright/test';
import { Model, promptOf } from '../e2e/model';
import { launch } from '../e2e/program';
import { fill } from '../e2e/seed';
import { longAnswer, shortAnswer } from './answers';

/** What all measurements share: one program, and sessions that are made once. */
export interface Bench {
  readonly url: string;
  /** The address of a session with so many messages. */
  readonly session: (messages: number) => Promise<string>;
}

export const test = base.extend<object, { bench: Bench }>({
  bench: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern
    async ({}, use) => {
      const { program, stop } = await launch();
      const model = await Model.start((asked) => {
        model.asked.length = 0; // each question holds much of the session
        const prompt = promptOf(asked);
        return prompt === 'Go' ? { text: longAnswer, rate: 200 } : { text: shortAnswer(Number(/\d+/.exec(prompt))) };
      });
      const http = await request.newContext({ baseURL: program.url });
      await http.put('/api/providers/scripted', {
        data: { name: 'Scripted', kind: 'openai', base_url: model.url, key: 'none' },
      });
      const made = new Map<number, Promise<string>>();
      const session = (messages: number) => {
        const path = made.get(messages) ?? seed(http, messages);
        made.set(messages, path);
        return path;
      };
      await use({ url: program.url, session });
      await http.dispose();
      await model.stop();
      await stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ bench }, use) => use(bench.url),
});

async function seed(http: APIRequestContext, messages: number): Promise<string> {
  const begun = performance.now();
  const answer = await http.post('/api/sessions', { data: { agent: 'direct', model: 'scripted/scripted' } });
  const { id } = ((await answer.json()) as { session: { id: string } }).session;
  if (messages > 0) await fill(http, id, messages / 2, (n) => `Question ${n}: what happens when the clock goes back?`);
  say(`made a session of ${messages} messages in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return `/s/${id}`;
}

/** What the main thread has spent, in milliseconds of its own time. */
export type Spent = ReadonlyMap<string, number>;

/** Counts the time of the page's main thread, not that of the clock: other work on the machine does not change it. */
export async function meter(page: Page): Promise<{ cdp: CDPSession; spent: () => Promise<Spent> }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return new Map(metrics.map((m) => [m.name, m.name.endsWith('Duration') ? m.value * 1000 : m.value]));
  };
  return { cdp, spent };
}

export function more(after: Spent, before: Spent, ...names: string[]): number {
  return names.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0);
}

/** What scripts hold, in MB, when nothing is left to collect. */
export async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/** The value below which a part of all lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

export function say(text: string): void {
  console.log(`${text} (load ${loadavg()[0]?.toFixed(1)})`);
}
