import { describe, expect, it } from 'vitest';
import type { Turn } from '../../fold/types';
import { endOf, fresh } from './fresh';

const turn = (id: string, parts: number, text = 'A prompt') =>
  ({ id, prompt: { text }, parts: Array.from({ length: parts }, () => ({})) }) as unknown as Turn;

describe('what came since the reader left the end', () => {
  it('is the new parts of that turn, and the prompts and parts of those after it', () => {
    const left = endOf([turn('a', 9), turn('b', 2)]);
    expect(fresh([turn('a', 9), turn('b', 2)], left)).toBe(0);
    expect(fresh([turn('a', 9), turn('b', 5)], left)).toBe(3);
    expect(fresh([turn('a', 9), turn('b', 5), turn('c', 2), turn('d', 1, '')], left)).toBe(3 + 3 + 1);
  });

  it('is nothing on another path, and in an empty session', () => {
    expect(fresh([turn('a', 9), turn('x', 2)], { turn: 'b', parts: 1 })).toBe(0);
    expect(fresh([turn('a', 9)], endOf([]))).toBe(0);
  });
});
