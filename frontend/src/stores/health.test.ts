import { afterEach, expect, it, vi } from 'vitest';
import { HealthStore } from './health.svelte';

afterEach(() => vi.unstubAllGlobals());

it('asks once more where something changed while it was asked', async () => {
  const answers: ((r: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((done) => answers.push(done)));
  const say = (n: number, streams: number) => answers[n]?.(Response.json({ status: 'ok', active_streams: streams, checks: [] }));
  const health = new HealthStore();
  const loaded = health.load();
  health.changed();
  health.changed();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  say(0, 0);
  await loaded;
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  say(1, 1);
  await vi.waitFor(() => expect(health.report).toMatchObject({ active_streams: 1 }));
  expect([health.busy, answers.length]).toEqual([false, 2]);
});

it('does not ask for what nobody looks at any more', async () => {
  const answers: ((r: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((done) => answers.push(done)));
  const health = new HealthStore();
  const loaded = health.load();
  health.changed();
  health.leave();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.(Response.json({ status: 'ok', active_streams: 0, checks: [] }));
  await loaded;
  expect(answers).toHaveLength(1);
});
