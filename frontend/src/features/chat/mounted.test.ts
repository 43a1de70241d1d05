import { expect, test } from 'vitest';
import { around, down, held, most, newest, type Range, rangeOf, type Stretch, step, up } from './mounted';

const path = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `trn_${i}` }));
const size = ({ from, to }: Range) => to - from;

test('begins with the newest turns and goes on with them', () => {
  expect(rangeOf(path(10), newest, true)).toEqual({ from: 0, to: 10 });
  expect(rangeOf(path(500), newest, true)).toEqual({ from: 500 - step, to: 500 });
  expect(rangeOf(path(501), newest, true)).toEqual({ from: 501 - step, to: 501 });
});

test('goes up to the first turn and down to the last, never with too many', () => {
  const turns = path(1000);
  let at: Stretch = newest;
  let range = rangeOf(turns, at, false);
  for (let i = 0; i < 30; i++) {
    at = up(turns, range);
    const next = rangeOf(turns, at, false);
    expect(next.from).toBe(Math.max(0, range.from - step));
    expect(size(next)).toBeLessThanOrEqual(most);
    range = next;
  }
  expect(range).toEqual({ from: 0, to: most });
  for (let i = 0; i < 30; i++) {
    at = down(turns, range);
    range = rangeOf(turns, at, false);
    expect(size(range)).toBeLessThanOrEqual(most);
  }
  expect(range.to).toBe(1000);
  expect(at.last).toBeNull();
});

test('older pages that are loaded meanwhile do not move it', () => {
  const turns = path(300);
  const at = around(turns, 150);
  const { from, to } = rangeOf(turns, at, false);
  const before = Array.from({ length: 200 }, (_, i) => ({ id: `old_${i}` }));
  expect(rangeOf([...before, ...turns], at, false)).toEqual({ from: from + 200, to: to + 200 });
});

test('a reader who stays where he is keeps his turns, one who follows gets the newest', () => {
  const at = held(path(most), { from: 0, to: most });
  expect(rangeOf(path(most + 5), at, false)).toEqual({ from: 0, to: most });
  expect(rangeOf(path(most + 5), at, true)).toEqual({ from: 5, to: most + 5 });
});

test('a turn that is no longer on the path is no edge', () => {
  expect(rangeOf(path(100), { first: 'trn_gone', last: null }, false)).toEqual({ from: 100 - step, to: 100 });
  expect(rangeOf(path(100), { first: 'trn_90', last: 'trn_gone' }, false)).toEqual({ from: 90, to: 100 });
  expect(rangeOf([], { first: 'trn_1', last: 'trn_2' }, false)).toEqual({ from: 0, to: 0 });
});

test('has the turn that is looked for', () => {
  for (const i of [0, 5, 150, 299]) {
    const { from, to } = rangeOf(path(300), around(path(300), i), false);
    expect(from).toBeLessThanOrEqual(i);
    expect(to).toBeGreaterThan(i);
  }
});
