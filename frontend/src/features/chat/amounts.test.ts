import { expect, it } from 'vitest';
import { bytes, clock, cost, count, duration } from './amounts';

it.each([
  [0, '0 s'],
  [240, '0.2 s'],
  [6100, '6.1 s'],
  [9990, '10 s'],
  [31_400, '31 s'],
  [59_700, '1:00'],
  [112_000, '1:52'],
  [3_723_000, '1:02:03'],
  [-5, '0 s'],
])('says %i ms as %s', (ms, said) => {
  expect(duration(ms)).toBe(said);
});

it('shortens numbers without hiding small ones', () => {
  expect([940, 2000, 38_400, 99_960, 118_040, 999_600, 1_240_000].map(count)).toEqual([
    '940',
    '2k',
    '38.4k',
    '100k',
    '118k',
    '1M',
    '1.2M',
  ]);
  expect([cost(0), cost(0.0042), cost(0.06)]).toEqual(['$0.00', '$0.0042', '$0.06']);
  expect([bytes(12), bytes(14_200), bytes(2_500_000)]).toEqual(['12 B', '14 KB', '2.5 MB']);
  expect([clock(42), clock(494)]).toEqual(['0:42', '8:14']);
});
