import { expect, it } from 'vitest';
import type { Turn, Usage } from '../../fold/types';
import { contextOf, costOf } from './context';

const usage = (context: number, window: number, cost = 0): Usage => ({
  input: 0,
  cached: 0,
  output: 0,
  reasoning: 0,
  context,
  window,
  cost,
});
const turn = (u: Usage | null) => ({ usage: u }) as Turn;

it.each([
  ['far from full', 12_000, 128_000, 'fine'],
  ['just below three quarters', 74, 100, 'fine'],
  ['from three quarters on', 75, 100, 'filling'],
  ['from nine tenths on', 90, 100, 'full'],
  ['over its window', 150, 100, 'full'],
  ['of an unknown window', 12_000, 0, 'unknown'],
])('%s', (_, context, window, fullness) => {
  const c = contextOf([turn(usage(context, window))]);
  expect(c?.fullness).toBe(fullness);
  expect(c?.share).toBeLessThanOrEqual(1);
});

it('takes the newest turn that tells, and the model’s own window where it names none', () => {
  expect(contextOf([])).toBeNull();
  expect(contextOf([turn(null), turn(usage(0, 100))])).toBeNull();
  const c = contextOf([turn(usage(10, 100)), turn(usage(20, 0)), turn(null)], 40);
  expect([c?.usage.context, c?.window, c?.share]).toEqual([20, 40, 0.5]);
});

it('adds up what the turns cost', () => {
  expect(costOf([turn(usage(1, 1, 0.5)), turn(null), turn(usage(1, 1, 0.25))])).toBe(0.75);
});
