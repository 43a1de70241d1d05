import { expect, test } from 'vitest';
import { pieces } from './gaps';

test.each([
  ['ls -l', ['ls -l']],
  ['', []],
  ['if x\n\n        then y\nfi', ['if x\n\n        then y\nfi']],
  [`echo hi${' '.repeat(900)}; rm -rf x`, ['echo hi', { blanks: 900 }, '; rm -rf x']],
  [`echo hi${'\u2800'.repeat(90)}; rm -rf x`, ['echo hi', { blanks: 90 }, '; rm -rf x']],
  [`echo hi${'\n'.repeat(300)}rm -rf x`, ['echo hi', { lines: 299 }, 'rm -rf x']],
  [`echo hi\n \t\n\n  \nrm -rf x`, ['echo hi', { lines: 3 }, 'rm -rf x']],
  [`a${'\t'.repeat(50)}b${'\n'.repeat(5)}`, ['a', { blanks: 50 }, 'b', { lines: 4 }]],
])('%j', (command, want) => {
  expect(pieces(command)).toEqual(want);
});
