import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api } from '../api/client';
import type { Event } from '../fold/event';
import type { Session } from '../fold/types';
import type { Connection } from './connection.svelte';
import { SessionsStore } from './sessions.svelte';

const row = (n: number): Session =>
  ({ id: `ses_${n}`, updated_at: `2026-11-22T09:${String(999 - n)}`, trashed_at: null, archived: false, queued: 0 }) as Session;

let known: Session[];
let take: (batch: Event[]) => void;

const connection = {
  onEvents: (f: typeof take) => {
    take = f;
  },
  onReset: () => undefined,
} as unknown as Connection;

beforeEach(() => {
  vi.useFakeTimers();
  known = Array.from({ length: 250 }, (_, n) => row(n));
  vi.spyOn(api.sessions, 'list').mockImplementation(({ limit = 100, cursor = '0' } = {}) => {
    const end = Number(cursor) + limit;
    return Promise.resolve({ items: known.slice(Number(cursor), end), next: end < known.length ? String(end) : null, seq: 10 });
  });
  vi.spyOn(api.asks, 'list').mockResolvedValue({ items: [], seq: 10 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const queued = (session: string): Event =>
  ({ seq: 11, at: '2026-11-22T10:00', session, turn: 'trn_1', kind: 'turn_queued', body: {} }) as unknown as Event;

it('keeps the pages that are loaded when a session comes to life that is in none of them', async () => {
  const store = new SessionsStore(connection);
  await store.load();
  await store.loadMore();
  expect(store.rows).toHaveLength(200);

  known = [{ ...row(240), updated_at: '2026-11-22T10:00' }, ...known.filter((s) => s.id !== 'ses_240')];
  take([queued('ses_240')]);
  await vi.runAllTimersAsync();
  expect(store.rows[0]?.id).toBe('ses_240');
  expect(store.rows).toHaveLength(200);
  expect(store.rows.some((s) => s.id === 'ses_198')).toBe(true);

  await store.loadMore();
  expect(new Set(store.rows.map((s) => s.id)).size).toBe(250);
  expect(store.more).toBe(false);
});

it('forgets what is gone when it loads anew', async () => {
  known = known.slice(0, 3);
  const store = new SessionsStore(connection);
  await store.load();
  known = known.slice(1);
  await store.load();
  expect(store.rows.map((s) => s.id)).toEqual(['ses_1', 'ses_2']);
});
