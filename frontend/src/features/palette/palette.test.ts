import { beforeEach, expect, test } from 'vitest';
import { Keys } from '../../app/actions/keys.svelte';
import { recent, remember } from './recent';
import { type Entry, find, read } from './rows';
import { settings } from './settings';
import { fixed, lines, refusal } from './sheet';

beforeEach(() => localStorage.clear());

const entry = (kind: Entry['kind'], text: string, also?: string): Entry => ({
  key: `${kind}:${text}`,
  kind,
  text,
  ...(also !== undefined && { also }),
});
const all = [
  entry('sessions', 'Schedules fire twice'),
  entry('sessions', 'Tidy the dotfiles'),
  entry('do', 'New session', 'Everywhere'),
  entry('models', 'Qwen', 'ollama/qwen'),
  entry('settings', 'Sheet', 'Appearance'),
];
const texts = (query: string, lately: string[] = []) => find(all, query, lately).map((g) => g.items.map((x) => x.entry.text));

test('the first sign says where to look', () => {
  expect(read('>new')).toEqual({ only: 'do', words: 'new' });
  expect(read(' # a b ')).toEqual({ only: 'sessions', words: 'a b' });
  expect(read('/')).toEqual({ only: 'settings', words: '' });
  expect(read('a > b')).toEqual({ only: null, words: 'a > b' });
  expect(texts('>')).toEqual([['New session']]);
  expect(texts('/')).toEqual([['Sheet']]);
});

test('without words there are sessions and actions, what was chosen lately first', () => {
  expect(texts('')).toEqual([['Schedules fire twice', 'Tidy the dotfiles'], ['New session']]);
  expect(texts('', ['sessions:Tidy the dotfiles'])[0]).toEqual(['Tidy the dotfiles', 'Schedules fire twice']);
});

test('words find all kinds, also by what is not shown', () => {
  expect(texts('s')[0]?.[0]).toBe('Schedules fire twice');
  expect(texts('ollama')).toEqual([['Qwen']]);
  expect(texts('appearance')).toEqual([['Sheet']]);
  expect(texts('zz')).toEqual([]);
});

test('what the server found counts even where its words are not in the text', () => {
  const groups = find(all, 'zz', [], new Set(['sessions:Tidy the dotfiles']));
  expect(groups.map((g) => g.items.map((x) => x.entry.text))).toEqual([['Tidy the dotfiles']]);
});

test('a group beside others is short, and alone it says how many more there are', () => {
  const many = Array.from({ length: 100 }, (_, i) => entry('sessions', `Session ${i}`));
  expect(find(many, '', [])[0]?.items).toHaveLength(6);
  expect(find(many, '#', [])[0]).toMatchObject({ more: 40 });
});

test('choices are remembered, each once, the newest first, and not without end', () => {
  for (let i = 0; i < 30; i += 1) remember(`k${i}`);
  remember('k20');
  expect(recent().slice(0, 2)).toEqual(['k20', 'k29']);
  expect(recent()).toHaveLength(20);
  localStorage.setItem('hermes.recent', '{"a":1}');
  expect(recent()).toEqual([]);
});

test('settings have words, and each section is there', () => {
  const list = settings();
  expect(list.filter((x) => x.of === '').length).toBeGreaterThan(4);
  for (const x of list) expect(x.name).toBeTruthy();
});

test('the sheet finds actions by name, by key and by command', () => {
  const keys = new Keys('Linux x86_64');
  const ids = (query: string) => lines(keys, query).flatMap((g) => g.lines.map((l) => l.id));
  expect(ids('archive')).toEqual(['session.archive']);
  expect(ids('gs')).toContain('go.sessions');
  expect(ids('ctrl k')).toEqual(['palette.open']);
  expect(ids('/title')).toEqual(['session.rename']);
  expect(ids('zz')).toEqual([]);
});

test('a key that is taken, the browser’s, or would break a field is refused', () => {
  const keys = new Keys('Linux x86_64');
  expect(refusal(keys, 'session.new', 'X')).toBe('');
  expect(refusal(keys, 'session.new', 'Mod+J')).not.toBe('');
  for (const wish of ['Mod+T', 'G S', 'G', 'Enter', 'ArrowUp', 'Space', 'Escape', 'Escape X', 'X Mod+W'])
    expect(refusal(keys, 'session.new', wish), wish).not.toBe('');
  expect(refusal(keys, 'ask.allow', 'Mod+Y')).not.toBe('');
  expect(refusal(keys, 'ask.allow', 'Y')).not.toBe(''); // copies an answer
  expect(refusal(keys, 'ask.allow', 'Z')).toBe('');
  expect(fixed('prompt.send')).toBe(true);
});
