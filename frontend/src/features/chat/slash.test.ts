import { expect, test } from 'vitest';
import { parse } from './slash';

const commands = [
  { name: 'stop', takes: false },
  { name: 'steer', takes: true },
  { name: 'title', takes: true },
];

const kind = (text: string) => parse(text, commands).kind;

test('the beginning of a name, a name, and a name with words', () => {
  expect(parse('/', commands)).toEqual({ kind: 'name', name: '' });
  expect(parse('/st', commands)).toEqual({ kind: 'name', name: 'st' });
  expect(parse('/stop', commands)).toEqual({ kind: 'name', name: 'stop' });
  expect(parse('/title ', commands)).toMatchObject({ kind: 'command', words: '' });
  expect(parse('/TITLE  A name ', commands)).toMatchObject({ kind: 'command', command: { name: 'title' }, words: 'A name' });
  expect(parse('/steer one\ntwo\n\nthree', commands)).toMatchObject({ words: 'one\ntwo\n\nthree' });
  expect(parse('/stop ', commands)).toMatchObject({ kind: 'command', words: '' });
});

test('what only looks like a command is text', () => {
  for (const text of [
    '',
    ' /stop',
    'a /stop',
    '//',
    '//stop.',
    '// stop',
    '/ stop',
    '/\nstop',
    '/usr/bin',
    '/stop.',
    '/stop!',
    '/etc',
    '-/stop',
  ].filter((x) => x !== '/etc'))
    expect(kind(text), JSON.stringify(text)).toBe('text');
  expect(parse('//stop it', commands)).toEqual({ kind: 'escaped', text: '/stop it' });
  expect(parse('/etc', commands)).toEqual({ kind: 'unknown', name: 'etc' });
  expect(parse('/stop it now', commands)).toMatchObject({ kind: 'too-much', command: { name: 'stop' } });
});

test('names of anything that objects have are not commands', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
    expect(parse(`/${name} x`, commands)).toEqual({ kind: 'unknown', name });
});

test('long, strange and broken text neither hangs nor is a command', () => {
  const start = performance.now();
  expect(kind(`/${'a'.repeat(200_000)}`)).toBe('text');
  expect(kind('/'.repeat(200_000))).toBe('text');
  expect(kind(`/stop${' '.repeat(200_000)}`)).toBe('command');
  expect(kind('/\u202estop')).toBe('text');
  expect(kind('/stop\u0000')).toBe('text');
  expect(kind('/\ud800')).toBe('text');
  expect(kind('/größe 3')).toBe('unknown');
  expect(kind('/ｓｔｏｐ')).toBe('unknown');
  expect(performance.now() - start).toBeLessThan(500);
});
