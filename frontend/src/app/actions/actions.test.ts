import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { words } from '../../i18n/palette';
import type { PageState } from '../../stores/page.svelte';
import { Actions } from './actions.svelte';
import { type ActionId, actionIds, catalogue, scopeOf } from './catalogue';
import { deeds, groups } from './deeds';
import { Keys, within } from './keys.svelte';
import { reserved } from './strokes';

beforeEach(() => localStorage.clear());

test('each action has a key of its own, words, a group, and something that does it', () => {
  for (const a of actionIds) {
    for (const b of actionIds) if (a !== b) expect(within(catalogue[a][0], catalogue[b][0]), `${a} ${b}`).toBe(false);
    expect(catalogue[a][0]).toMatch(/^\S+( \S+)?$/);
    expect(catalogue[a][0].split(' ').some(reserved), a).toBe(false);
    expect(words(deeds[a].words), a).toBeTruthy();
    expect(groups).toContain(deeds[a].group);
    expect(words(`group.${deeds[a].group}`)).toBeTruthy();
  }
  expect(Object.keys(deeds).toSorted()).toEqual([...actionIds].toSorted());
});

test('names of commands and words of actions are unique', () => {
  const names = actionIds.flatMap((id) => deeds[id].slash?.name ?? []);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+$/);
  const said = actionIds.map((id) => words(deeds[id].words));
  expect(new Set(said).size).toBe(said.length);
});

test('a key is kept on this device, read by another page, and reset', () => {
  const keys = new Keys('Linux x86_64');
  keys.set('session.new', 'X X');
  expect(new Keys('Linux x86_64').of('session.new')).toBe('X X');
  expect(keys.changed('session.new')).toBe(true);
  keys.set('session.new', null);
  expect(keys.shown('session.new')).toBe('N');
  keys.set('keys.show', 'F4');
  keys.reset();
  expect(keys.changed('keys.show')).toBe(false);
});

test('what makes no sense in the storage is not taken', () => {
  const kept = {
    'session.new': 'Mod+T',
    'keys.show': 7,
    toString: 'X',
    'go.sessions': 'A B C',
    'turn.retry': 'G Mod+W',
    'turn.undo': 'Z',
  };
  localStorage.setItem('hermes.keys', JSON.stringify(kept));
  const keys = new Keys('Linux x86_64');
  expect(keys.of('session.new')).toBe('N');
  expect(keys.of('keys.show')).toBe('?');
  expect(keys.of('go.sessions')).toBe('G S');
  expect(keys.of('turn.retry')).toBe('R');
  expect(keys.of('turn.undo')).toBe('Z');
  for (const broken of ['{', 'null', '[]', '"x"']) {
    localStorage.setItem('hermes.keys', broken);
    expect(new Keys('Linux x86_64').of('session.new')).toBe('N');
  }
});

test('a key clashes with the same one and with the beginning of another', () => {
  const keys = new Keys('Linux x86_64');
  expect(keys.clash('N', 'keys.show')).toBe('session.new');
  expect(keys.clash('N', 'session.new')).toBeUndefined();
  expect(keys.clash('G', 'keys.show')).toBe('go.sessions');
  expect(keys.clash('N X', 'keys.show')).toBe('session.new');
  expect(keys.clash('X', 'keys.show')).toBeUndefined();
});

test('keys are written as the system writes them', () => {
  expect(new Keys('Linux x86_64').shown('palette.open')).toBe('Ctrl K');
  expect(new Keys('MacIntel').shown('palette.open')).toBe('⌘K');
  expect(new Keys('Linux x86_64').shown('turn.stop')).toBe('Esc Esc');
});

const off: (() => void)[] = [];
afterEach(() => {
  for (const end of off.splice(0)) end();
  document.body.replaceChildren();
  vi.useRealTimers();
});

function start(ids: readonly ActionId[], more: object = {}) {
  const page = { route: { name: 'home' }, current: null, sessions: { loading: false, asks: [] }, toast: vi.fn(), ...more };
  const actions = new Actions(page as unknown as PageState);
  const done: ActionId[] = [];
  off.push(actions.listen(), actions.provide(Object.fromEntries(ids.map((id) => [id, () => done.push(id)]))));
  return { actions, done };
}

function press(key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const e = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(e);
  return e;
}

test('one stroke, two strokes, and a slip between them', () => {
  const { actions, done } = start(['session.new', 'go.sessions', 'keys.show']);
  expect(press('n').defaultPrevented).toBe(true);
  press('g');
  expect(actions.pending).toBe('G');
  press('Shift', { shiftKey: true }); // on the way to a letter
  press('s');
  expect(actions.pending).toBe('');
  press('g');
  expect(press('n').defaultPrevented).toBe(true); // swallowed: it began something else
  press('n');
  press('?', { shiftKey: true });
  expect(done).toEqual(['session.new', 'go.sessions', 'session.new', 'keys.show']);
});

test('the second stroke comes in time or not at all', () => {
  vi.useFakeTimers();
  const { done } = start(['go.sessions']);
  press('g');
  vi.advanceTimersByTime(1600);
  press('s');
  expect(done).toEqual([]);
});

test('in a field only keys that type nothing count', () => {
  const { done } = start(['session.new', 'palette.open', 'keys.show']);
  const field = document.createElement('textarea');
  document.body.append(field);
  expect(press('n', {}, field).defaultPrevented).toBe(false);
  expect(press('?', {}, field).defaultPrevented).toBe(false);
  press('k', { ctrlKey: true }, field);
  expect(done).toEqual(['palette.open']);
});

test('keys of the browser, of input methods, held ones, and ones that were taken do nothing', () => {
  const { done } = start(['session.new', 'palette.open']);
  for (const key of 'tnwlrf') expect(press(key, { ctrlKey: true }).defaultPrevented).toBe(false);
  press('n', { isComposing: true });
  expect(done).toEqual([]);
  press('n', { repeat: true });
  press('n', { shiftKey: true });
  expect(done).toEqual([]);
  const stop = (e: Event) => e.preventDefault();
  document.body.addEventListener('keydown', stop, { once: true });
  press('n');
  expect(done).toEqual([]);
});

test('keys of what is not there, and keys that a component hears itself, do nothing', () => {
  const { done } = start(actionIds);
  for (const key of ['r', 'F2', 'a', 'd', 'e', 'Enter', 'ArrowUp']) press(key);
  press('Escape');
  press('Escape');
  expect(done).toEqual([]);
  expect(scopeOf('ask.allow')).toBe('ask');
});

test('over a menu or a dialog only the palette opens', () => {
  const { done } = start(['session.new', 'palette.open']);
  const dialog = document.createElement('dialog');
  dialog.setAttribute('open', '');
  document.body.append(dialog);
  press('n');
  press('k', { ctrlKey: true });
  expect(done).toEqual(['palette.open']);
});

test('Escape twice stops a running turn, and the first one is left to others', () => {
  const { actions, done } = start(['turn.stop'], { current: { id: 's', live: {}, snap: {}, gone: false } });
  const field = document.createElement('textarea');
  document.body.append(field);
  expect(press('Escape', {}, field).defaultPrevented).toBe(false);
  expect(actions.pending).toBe('Escape');
  press('x', {}, field); // typed in between
  press('Escape', {}, field);
  expect(done).toEqual([]);
  press('Escape', {}, field);
  expect(done).toEqual(['turn.stop']);
});

test('an action is given back by the component that took it, and not by another', () => {
  const { actions } = start([]);
  const one = actions.provide({ 'list.filter': () => 1 });
  const two = actions.provide({ 'list.filter': () => 2 });
  one();
  expect(actions.provided('list.filter')).toBe(true);
  two();
  expect(actions.provided('list.filter')).toBe(false);
});
