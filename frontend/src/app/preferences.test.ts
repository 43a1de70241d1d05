import { beforeEach, expect, test, vi } from 'vitest';

const name = 'hermes.preferences';

beforeEach(() => {
  localStorage.clear();
  vi.resetModules();
});

async function fresh() {
  return (await import('./preferences.svelte')).preferences;
}

test('the first choice holds until a person chooses, also after a reload', async () => {
  const before = await fresh();
  expect(before.get('send')).toBe('enter');
  expect(before.changed('send')).toBe(false);
  before.set('send', 'mod-enter');
  expect(before.get('send')).toBe('mod-enter');

  vi.resetModules();
  const after = await fresh();
  expect(after.get('send')).toBe('mod-enter');
  expect(after.changed('send')).toBe(true);
  after.set('send', 'enter');
  expect(localStorage.getItem(name)).toBe('{}');
});

test('what makes no sense is not taken', async () => {
  localStorage.setItem(name, JSON.stringify({ send: 'shout', text: '125', nonsense: 'on', toString: 'x', face: null }));
  const p = await fresh();
  expect(p.get('send')).toBe('enter');
  expect(p.get('face')).toBe('serif');
  expect(p.get('text')).toBe('125');
  localStorage.setItem(name, 'no JSON');
  vi.resetModules();
  expect((await fresh()).get('text')).toBe('100');
});

test('another tab chooses', async () => {
  const p = await fresh();
  localStorage.setItem(name, JSON.stringify({ density: 'compact' }));
  window.dispatchEvent(new StorageEvent('storage', { key: name }));
  expect(p.get('density')).toBe('compact');
  localStorage.clear();
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  expect(p.get('density')).toBe('regular');
});
