import { describe, expect, it } from 'vitest';
import { slice, tops } from './window';

const h = { row: 30, group: 34, ask: 48 };

describe('a windowed list', () => {
  const top = tops(['group', 'ask', ...Array<'session'>(1000).fill('session')], h);

  it('knows the place of every line', () => {
    expect(top.slice(0, 4)).toEqual([0, 34, 82, 112]);
    expect(top.at(-1)).toBe(82 + 30_000);
  });

  it('draws what is seen and fills the rest with room', () => {
    for (const scroll of [0, 1, 5_000, 30_000, 99_999]) {
      const s = slice(top, scroll, 600, 100);
      const drawn = (top[s.to] ?? 0) - (top[s.from] ?? 0);
      expect(s.above + drawn + s.below).toBe(top.at(-1));
      expect(s.to - s.from).toBeLessThan(40);
    }
    const mid = slice(top, 5_000, 600, 0);
    expect(top[mid.from]).toBeLessThanOrEqual(5_000);
    expect(top[mid.to]).toBeGreaterThanOrEqual(5_600);
  });

  it('has nothing to draw when it is empty', () => {
    expect(slice(tops([], h), 0, 600)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
  });
});
