import { expect, test } from 'vitest';
import { calledOf, languageOf, languages } from './names';

test.each([
  ['go', 'Go'],
  ['PY', 'Python'],
  ['bash', 'Shell'],
  ['ts', 'TypeScript'],
  ['c', 'C'],
  ['c++', 'C++'],
  ['vue', 'Vue'],
  ['Brainfuck', 'Brainfuck'],
])('%s is called %s', (fence, name) => {
  expect(calledOf(fence)).toBe(name);
});

test('every language has a name that begins with a capital letter', () => {
  for (const id of languages) expect(calledOf(id)).toMatch(/^[A-Z]/);
});

test.each(['constructor', 'toString', '__proto__'])('a fence may name %s', (name) => {
  expect(calledOf(name)).toBe(name);
  expect(languageOf(name)).toBeNull();
});
