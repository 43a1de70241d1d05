import { expect, test } from 'vitest';
import { told } from './unseen';

test.each([
  ['if (x) { /* \u202e } \u2066 begin admin */', 'if (x) { /* ‹U+202E› } ‹U+2066› begin admin */'],
  ['user\u200b, a\u200db, \ufeffx, \u00ad', 'user‹U+200B›, a‹U+200D›b, ‹U+FEFF›x, ‹U+00AD›'],
  ['echo ok\rrm x', 'echo ok‹U+000D›rm x'],
  ['\u001b[2Khidden\u0007', '‹U+001B›[2Khidden‹U+0007›'],
  ['a\u{e0041}\u3164b\u2028c', 'a‹U+E0041›‹U+3164›b‹U+2028›c'],
  ['\tan end of Windows\r', '\tan end of Windows\r'],
  ['👩‍💻 می‌خواهم שלום naïve', '👩‍💻 می‌خواهم שלום naïve'],
])('%j', (text, want) => {
  expect(told(text)).toBe(want);
});
