import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Event, kinds } from './event';
import { applyEvent, applyHeadline, applyToList, type SnapshotState } from './fold';
import { put } from './turn';
import type { Session } from './types';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../server/chat/testdata/folds');
const names = readdirSync(folder)
  .filter((f) => f.endsWith('.events.jsonl'))
  .map((f) => f.replace('.events.jsonl', ''));

const lines = (name: string): Event[] =>
  readFileSync(join(folder, `${name}.events.jsonl`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l));
const folded = (name: string): SnapshotState => JSON.parse(readFileSync(join(folder, `${name}.folded.json`), 'utf8'));

function empty(id: string): SnapshotState {
  const session = { id } as Session; // the first event, session_created, fills it
  return {
    seq: 0,
    session,
    turns: [],
    queue: { held: false, turns: [] },
    asks: [],
    draft: { text: '', attachments: [], rev: 0 },
    before: null,
  };
}

function run(state: SnapshotState, events: Event[]): SnapshotState {
  for (const e of events) expect(applyEvent(state, e), `${e.kind} at ${e.seq}`).not.toBe('reload');
  return state;
}

const start = (events: Event[]) => empty(events[0]?.session ?? '');

describe('the shared fixtures', () => {
  test('are there', () => expect(names.length).toBeGreaterThan(5));

  test.each(names)('%s folds as in Go', (name) => {
    const events = lines(name);
    expect(run(start(events), events)).toEqual(folded(name));
  });

  test.each(names)('%s ends the same from a snapshot at any point, with events seen twice', (name) => {
    const events = lines(name);
    for (let cut = 0; cut <= events.length; cut++) {
      const snapshot = structuredClone(run(start(events), events.slice(0, cut)));
      expect(run(snapshot, events.slice(Math.max(0, cut - 5)))).toEqual(folded(name));
    }
  });

  test.each(names)('%s changes no event and no object that was handed out', (name) => {
    const events = lines(name);
    const frozen = structuredClone(events).map(deepFreeze) as Event[];
    const state = start(events);
    for (const e of frozen) {
      applyEvent(state, e);
      deepFreeze([state.session, state.turns, state.queue, state.asks]);
    }
    expect(state).toEqual(folded(name));
  });

  test('hold every kind that a page can fold', () => {
    const seen = new Set(names.flatMap((n) => lines(n).map((e) => e.kind)));
    const absent = kinds.filter((k) => !seen.has(k));
    expect(absent).toEqual(['session_forked', 'session_caught_up', 'session_purged']);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

describe('applyEvent', () => {
  const tree = () => run(start(lines('tree')), lines('tree'));
  const event = (e: object): Event =>
    ({ seq: 999, at: '2026-11-22T10:00:00.000Z', session: 'ses_A', turn: null, ...e }) as unknown as Event;

  test.each([
    ['text past the end', { turn: 'trn_5', kind: 'text_appended', body: { part: 'prt_1', stream: 'text', at: 9, text: 'x' } }],
    ['an unknown turn', { turn: 'trn_9', kind: 'part_closed', body: { part: 'prt_1' } }],
    ['a variant that is not loaded', { kind: 'head_moved', body: { head: 'trn_2' } }],
    ['an unknown queue', { kind: 'queue_changed', body: { order: ['trn_9'], held: false } }],
    ['a fork', { kind: 'session_forked', body: { from: { session: 'ses_B', turn: 'trn_1' } } }],
    ['a kind of a newer server', { kind: 'turn_sung', body: {} }],
  ])('asks for the snapshot after %s', (_, e) => expect(applyEvent(tree(), event(e))).toBe('reload'));

  test('drops what it covers and other sessions', () => {
    const state = tree();
    const before = structuredClone(state);
    expect(applyEvent(state, event({ seq: state.seq, kind: 'turn_ended', body: { state: 'done', error: null } }))).toBe('drop');
    expect(applyEvent(state, event({ session: 'ses_B', kind: 'session_trashed', body: {} }))).toBe('drop');
    expect(state).toEqual(before);
  });

  test('keeps the identity of what did not change', () => {
    const events = lines('plan');
    const at = events.findLastIndex((e) => e.kind === 'text_appended');
    const state = run(start(events), events.slice(0, at));
    const [turn] = state.turns;
    const parts = turn?.parts.slice() ?? [];
    run(state, events.slice(at, at + 1));
    expect(state.turns[0]).not.toBe(turn);
    expect(state.turns[0]?.parts.map((p, i) => p === parts[i])).toEqual([true, true, false]);
  });
});

test('what an ask would change, what a notice told the model, and who answered are kept', () => {
  const state = run(
    start(lines('asks')),
    lines('asks').slice(
      0,
      lines('asks').findIndex((e) => e.kind === 'ask_closed'),
    ),
  );
  const turn = state.turns.at(-1)?.id ?? '';
  const say = (kind: string, body: object) =>
    expect(
      applyEvent(state, { seq: state.seq + 1, at: '', session: state.session.id, turn, kind, body } as unknown as Event),
    ).toBe('ok');
  say('ask_raised', { ask: { ...state.asks[0], id: 'ask_9', diff: '@@ -1 +1 @@' } });
  say('part_opened', { part: { kind: 'notice', id: 'prt_9', level: 'info', text: 'x', covers: 'trn_1', summary: 'so far' } });
  say('usage_reported', { usage: { context: 1, model: 'a/b' } });
  expect(state.asks.at(-1)?.diff).toBe('@@ -1 +1 @@');
  expect(state.turns.at(-1)?.parts.at(-1)).toMatchObject({ covers: 'trn_1', summary: 'so far' });
  expect(state.turns.at(-1)?.usage?.model).toBe('a/b');
});

test('put follows the one rule of offsets', () => {
  expect(put('ab', 2, 'c')).toBe('abc');
  expect(put('abc', 1, 'X')).toBe('aX');
  expect(put('abc', 0, '')).toBe('');
  expect(put('abc', 4, 'x')).toBeNull();
  expect(put('abc', -1, 'x')).toBeNull();
  expect(put('👍x', 1, 'y')).toBeNull();
  expect(put('👍x', 2, 'y')).toBe('👍y');
});

describe('a list', () => {
  test('takes each headline once and ends as the snapshot does', () => {
    const events = lines('queue');
    const list = { seq: 0, items: [] as readonly Session[] };
    for (const e of events) {
      applyToList(list, e);
      expect(applyToList(list, e)).toBe(false);
    }
    expect(list.items).toEqual([folded('queue').session]);
  });

  test('drops a purged session', () => {
    const list = { seq: 0, items: [folded('plain').session] };
    const purge = { seq: 9999, at: '', session: 'ses_A', turn: null, kind: 'session_purged', body: {} } as Event;
    expect(applyToList(list, purge)).toBe(true);
    expect(list.items).toEqual([]);
  });

  test('details leave a row as it is', () => {
    const s = folded('plain').session;
    const closed = { seq: 9999, at: '', session: s.id, turn: 'trn_1', kind: 'part_closed', body: { part: 'prt_1' } } as Event;
    expect(applyHeadline(s, closed)).toBe(s);
  });
});
