import { expect, test } from 'vitest';
import { readLimit } from './limits';

test('a limit is a whole number within its bounds, or not set', () => {
  expect(readLimit('ask_after', ' 20 ')).toBe(20);
  expect(readLimit('ask_after', '')).toBe(0);
  for (const typed of ['4', '1001', '-5', '5.5', '1e2', 'ten', '0']) expect(readLimit('ask_after', typed), typed).toBeNull();
  expect(readLimit('shorten_at', '95')).toBe(95);
  expect(readLimit('shorten_at', '96')).toBeNull();
  expect(readLimit('command_seconds', '3600')).toBe(3600);
});
