import { beforeEach, describe, expect, it } from 'vitest';
import { preferences } from '../../app/preferences.svelte';
import type { Ask, Session } from '../../fold/types';
import { speak } from '../../i18n/tongue';
import { isRow, linesOf } from './group';
import { when } from './when';

const now = new Date(2026, 10, 18, 10, 0);
const session = (id: string, at: Date, more: Partial<Session> = {}) =>
  ({ id, title: id, pinned: false, updated_at: at.toISOString(), ...more }) as Session;
const ask = (id: string, of: string, at: Date) => ({ id, session: of, title: id, raised_at: at.toISOString() }) as Ask;
const shape = (rows: Session[], asks: Ask[] = []) =>
  linesOf(rows, asks, now).map((l) => (isRow(l) ? `${l.kind} ${l.id}` : `# ${l.group} ${l.count}`));

describe('the groups of the list', () => {
  it('keep their head and their number when they are closed, except what needs the person', () => {
    const rows = [session('a', now), session('b', now)];
    const lines = linesOf(rows, [ask('q', 'b', now)], now, ['today', 'needs']);
    expect(lines.map((l) => l.key)).toEqual(['needs', 'ask b', 'today']);
    expect(lines.at(-1)).toMatchObject({ closed: true, count: 1 });
  });

  it('go by the days of the calendar, not by hours', () => {
    const rows = [
      session('a', new Date(2026, 10, 18, 0, 1)),
      session('b', new Date(2026, 10, 17, 23, 59)),
      session('c', new Date(2026, 10, 16, 23, 59)),
      session('d', new Date(2026, 10, 12, 0, 0)),
      session('e', new Date(2026, 10, 11, 23, 59)),
      session('f', new Date(2026, 10, 4, 23, 59)),
    ];
    expect(shape(rows)).toEqual([
      '# today 1',
      'session a',
      '# yesterday 1',
      'session b',
      '# week 2',
      'session c',
      'session d',
      '# last 1',
      'session e',
      '# older 1',
      'session f',
    ]);
  });

  it('show a pinned session only under pinned, and a waiting one only under needs', () => {
    const rows = [session('a', now, { pinned: true }), session('b', now, { pinned: true }), session('c', now)];
    expect(shape(rows, [ask('q', 'b', now)])).toEqual([
      '# needs 1',
      'ask b',
      '# pinned 1',
      'session a',
      '# today 1',
      'session c',
    ]);
  });

  it('show one row for several asks of a session, and one for a session that is not loaded', () => {
    const earlier = new Date(2026, 10, 18, 9, 0);
    expect(shape([], [ask('q', 'a', now), ask('r', 'a', now), ask('s', 'b', earlier)])).toEqual(['# needs 2', 'ask b', 'ask a']);
  });

  it('are none when there is nothing', () => expect(shape([])).toEqual([]));
});

describe('the time of a row', () => {
  beforeEach(() => {
    preferences.set('clock', '24');
    speak('en', ['en-GB']);
  });

  it('gets coarser with distance', () => {
    expect(when(new Date(2026, 10, 18, 9, 5), now)).toBe('09:05');
    expect(when(new Date(2026, 10, 17, 22, 10), now)).toBe('22:10');
    expect(when(new Date(2026, 10, 13, 22, 10), now)).toBe('Fri');
    expect(when(new Date(2026, 10, 3), now)).toBe('3 Nov');
    expect(when(new Date(2025, 10, 3), now)).toBe('Nov 2025');
  });
});
