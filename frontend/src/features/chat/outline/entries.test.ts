import { expect, test } from 'vitest';
import type { Turn } from '../../../fold/types';
import { alike, byDay, type Entry, entriesOf, filtered } from './entries';

const entry = (turn: string, text = turn, at = '2026-01-05T10:00:00.000Z'): Entry => ({ turn, text, at, state: 'done' });

function turn(id: string, parent: string | null, text = id, names: string[] = []): Turn {
  const attachments = names.map((name) => ({ id: name, name, type: '', size: 1 }));
  return {
    id,
    parent,
    state: 'running',
    queued_at: '2026-01-05T10:00:00.000Z',
    prompt: { text, attachments },
  } as unknown as Turn;
}

const ids = (all: readonly Entry[]) => all.map((x) => x.turn);

test('what is loaded goes on where the server has told enough', () => {
  const told = [entry('a'), entry('b'), entry('c')];
  expect(ids(entriesOf(told, [turn('c', 'b'), turn('d', 'c')]))).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(entriesOf(told, [turn('d', 'c')]))).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(entriesOf(told, [turn('x', 'w')]))).toEqual(['x']); // another path by now
  expect(ids(entriesOf([], [turn('a', null)]))).toEqual(['a']);
  expect(entriesOf(told, [turn('c', 'b')])[2]?.state).toBe('running');
});

test('a text that grows changes nothing, a state does', () => {
  const one = turn('a', null);
  expect(alike(entriesOf([], [one]), entriesOf([], [{ ...one, parts: [] }]))).toBe(true);
  expect(alike(entriesOf([], [one]), entriesOf([], [{ ...one, state: 'done' }]))).toBe(false);
  expect(alike([], entriesOf([], [one]))).toBe(false);
});

test('a prompt is one line of 140 characters, or the names of its files', () => {
  expect(entriesOf([], [turn('a', null, ' two\n\n lines ')])[0]?.text).toBe('two lines');
  expect(entriesOf([], [turn('a', null, '😀'.repeat(141))])[0]?.text).toBe(`${'😀'.repeat(140)}…`);
  expect(entriesOf([], [turn('a', null, '', ['x.png', 'y.png'])])[0]?.text).toBe('x.png, y.png');
});

test('the filter knows neither case nor form', () => {
  const all = [entry('a', 'Café au lait'), entry('b', 'Tea')];
  expect(ids(filtered(all, ' CAFE\u0301 '))).toEqual(['a']);
  expect(ids(filtered(all, ''))).toEqual(['a', 'b']);
});

test('days are named where there is more than one', () => {
  const noon = (day: number) => new Date(2026, 0, day, 12).toISOString();
  const one = [entry('a', 'a', noon(5)), entry('b', 'b', noon(5))];
  expect(byDay(one, () => 'day').map((d) => d.name)).toEqual(['']);
  const two = byDay([...one, entry('c', 'c', noon(6))], (at) => String(new Date(at).getDate()));
  expect(two.map((d) => [d.name, ids(d.items)])).toEqual([
    ['5', ['a', 'b']],
    ['6', ['c']],
  ]);
});
