import { expect, test } from 'vitest';
import { type Press, reserved, sign, stroke, typesNothing } from './strokes';

function press(key: string, more: Partial<Press> = {}): Press {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}

const on = (name: string) => (x: string) => x === name;

test.each([
  ['n', {}, 'N'],
  ['N', { shiftKey: true }, 'Shift+N'],
  ['N', {}, 'N'], // caps lock
  ['?', { shiftKey: true }, '?'],
  ['k', { ctrlKey: true }, 'Mod+K'],
  ['k', { altKey: true }, 'Alt+K'],
  ['Enter', { ctrlKey: true, shiftKey: true }, 'Mod+Shift+Enter'],
  ['F2', {}, 'F2'],
  [' ', {}, 'Space'],
  ['+', { ctrlKey: true }, 'Mod++'],
  ['т', { code: 'KeyN' }, 'N'], // Russian
  ['л', { code: 'KeyK', ctrlKey: true }, 'Mod+K'],
  ['ö', { code: 'Semicolon' }, 'Ö'], // German: a key of its own
  ['e', { code: 'KeyD' }, 'E'], // Dvorak: by what it types
  ['/', { code: 'Digit7', shiftKey: true }, '/'], // German
  ['@', { ctrlKey: true, altKey: true, getModifierState: on('AltGraph') }, '@'],
  ['Dead', {}, ''],
  ['Process', {}, ''],
  ['Shift', { shiftKey: true }, ''],
  ['n', { isComposing: true }, ''],
  ['n', { keyCode: 229 }, ''],
  ['k', { metaKey: true }, ''],
])('%s is written in one way', (key, more, want) => {
  expect(stroke(press(key, more), false)).toBe(want);
});

test.each([
  ['k', { metaKey: true }, 'Mod+K'],
  ['k', { ctrlKey: true }, 'Ctrl+K'],
  ['˚', { altKey: true, code: 'KeyK' }, 'Alt+K'],
])('on macOS: %s', (key, more, want) => {
  expect(stroke(press(key, more), true)).toBe(want);
});

test('keys that browsers and people need are reserved', () => {
  for (const s of [
    'Mod+T',
    'Mod+Shift+T',
    'Mod+W',
    'Mod+N',
    'Mod+L',
    'Mod+R',
    'Mod+C',
    'Mod+1',
    'Mod+-',
    'Tab',
    'F5',
    'Mod+Tab',
    'Alt+ArrowLeft',
  ])
    expect(reserved(s), s).toBe(true);
  for (const s of ['Mod+K', 'N', '?', 'F2', 'Mod+Enter', 'Escape', 'Shift+N', 'Alt+N']) expect(reserved(s), s).toBe(false);
});

test('what types nothing may be heard in a field', () => {
  for (const s of ['Mod+K', 'Escape', 'F2', 'Shift+F9']) expect(typesNothing(s), s).toBe(true);
  for (const s of ['N', 'Shift+N', '?', 'Enter', 'Alt+K', 'ArrowUp', 'Space']) expect(typesNothing(s), s).toBe(false);
});

test('signs', () => {
  expect(sign('Mod+Shift+Enter', true)).toBe('⌘⇧↵');
  expect(sign('Mod+Shift+Enter', false)).toBe('Ctrl Shift ↵');
  expect(sign('Mod++', false)).toBe('Ctrl +');
  expect(sign('+', false)).toBe('+');
});
