import { expect, test } from 'vitest';
import { reference } from '../../../app/reference';
import { moved, slotAt } from './drag';
import { type Keyboard, modeOf, wayOf } from './keys';
import { isLong } from './long';
import { into, mentionAt } from './mention';
import { fileOf } from './paste';
import { Recall } from './recall';

const idle: Keyboard = { key: 'enter', touch: false, mac: false, live: false, mode: 'queue' };

function way(keys: string, at: Partial<Keyboard> = {}) {
  const parts = keys.split('+');
  const press = {
    key: parts.at(-1),
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Meta'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
  } as KeyboardEvent;
  const mod = at.mac ? 'Meta' : 'Ctrl';
  const own = { 'prompt.steer': `${mod}+Enter`, 'prompt.interrupt': `${mod}+Shift+Enter` };
  return wayOf(press, { ...idle, ...at }, (id) => own[id] === keys);
}

test('Enter sends and Shift+Enter breaks the line', () => {
  expect(way('Enter')).toBe('queue');
  expect(way('Ctrl+Enter')).toBe('queue');
  for (const keys of ['Shift+Enter', 'Alt+Enter', 'a']) expect(way(keys), keys).toBe(null);
});

test('a person can send with Ctrl+Enter, and with the other key on macOS', () => {
  expect(way('Enter', { key: 'mod-enter' })).toBe(null);
  expect(way('Ctrl+Enter', { key: 'mod-enter' })).toBe('queue');
  expect(way('Meta+Enter', { key: 'mod-enter', mac: true })).toBe('queue');
  expect(way('Ctrl+Enter', { key: 'mod-enter', mac: true })).toBe(null);
});

test('on the glass Enter breaks the line', () => {
  expect(way('Enter', { touch: true })).toBe(null);
  expect(way('Ctrl+Enter', { touch: true })).toBe('queue'); // of a keyboard that was plugged in
});

test('while the agent works the other ways keep their keys, and that of the chosen one queues', () => {
  expect(way('Enter', { live: true })).toBe('queue');
  expect(way('Ctrl+Enter', { live: true })).toBe(null); // it is heard everywhere
  expect(way('Enter', { live: true, mode: 'steer' })).toBe('steer');
  expect(way('Ctrl+Enter', { live: true, mode: 'steer' })).toBe('queue');
  expect(way('Ctrl+Shift+Enter', { live: true, mode: 'steer' })).toBe(null);
  expect(way('Ctrl+Shift+Enter', { live: true, mode: 'interrupt' })).toBe('queue');
  expect(way('Ctrl+Enter', { live: true, mode: 'interrupt', key: 'mod-enter' })).toBe('interrupt');
});

test('an agent that cannot be steered has the words queued', () => {
  expect(modeOf('steer', false)).toBe('queue');
  expect(modeOf('steer', true)).toBe('steer');
  expect(modeOf('interrupt', false)).toBe('interrupt');
});

test('a long text is one of more than 4,000 characters or 100 lines', () => {
  expect(isLong('x'.repeat(4000))).toBe(false);
  expect(isLong('x'.repeat(4001))).toBe(true);
  expect(isLong('\n'.repeat(99))).toBe(false);
  expect(isLong('\n'.repeat(100))).toBe(true);
});

test('it becomes a file with a name of its own', () => {
  expect(fileOf('a line', []).name).toBe('pasted.txt');
  expect(fileOf('a line', ['pasted.txt', 'pasted-2.txt']).name).toBe('pasted-3.txt');
  expect(fileOf('text\n\n## Heading\n', ['pasted.txt']).name).toBe('pasted.md');
  expect(fileOf('#!/bin/sh\n', []).name).toBe('pasted.txt');
});

test('a reference begins with @ at the beginning of a word', () => {
  expect(mentionAt('see @con', 8)).toEqual({ from: 4, query: 'con' });
  expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' });
  expect(mentionAt('(@src/a.ts', 10)).toEqual({ from: 1, query: 'src/a.ts' });
  expect(mentionAt('line\n@x and more', 7)).toEqual({ from: 5, query: 'x' });
  expect(mentionAt('@"two words', 11)).toEqual({ from: 0, query: 'two words' });
});

test('an address, a finished reference and a caret elsewhere are none', () => {
  for (const text of ['me@example.org', '@src/a.ts ', '@"two words" ', '@"two words"', 'plain', ''])
    expect(mentionAt(text, text.length), text).toBe(null);
  expect(mentionAt('@con and', 8)).toBe(null);
});

test('a path with spaces stands in quotes', () => {
  expect(reference('src/a.ts')).toBe('@src/a.ts');
  expect(reference('two words.txt')).toBe('@"two words.txt"');
  expect(into('a b')).toBe('@"a b/');
  expect(into('src')).toBe('@src/');
});

test('earlier prompts come back one by one, and behind the newest the empty composer', () => {
  const turns = ['one', 'two', 'two', '', 'three'].map((text) => ({ prompt: { text } }));
  const recall = new Recall();
  expect(recall.step(1, '', turns)).toBe(null);
  expect(recall.step(-1, '', turns)).toBe('three');
  expect(recall.step(-1, 'three', turns)).toBe('two');
  expect(recall.step(-1, 'two', turns)).toBe('one');
  expect(recall.step(-1, 'one', turns)).toBe(null);
  expect(recall.step(1, 'one', turns)).toBe('two');
  expect(recall.step(-1, 'two, changed', turns)).toBe(null); // it is the person's now
  expect(recall.step(-1, '', turns)).toBe('three');
  expect(recall.step(1, 'three', turns)).toBe('');
});

test('a dragged row comes to stand where the middles of the others say', () => {
  const middles = [10, 30, 50];
  expect(slotAt(0, middles, 2)).toBe(0);
  expect(slotAt(31, middles, 0)).toBe(1);
  expect(slotAt(999, middles, 0)).toBe(2);
  expect(slotAt(12, middles, 0)).toBe(0);
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
});
