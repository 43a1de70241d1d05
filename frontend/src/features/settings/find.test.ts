import { expect, test } from 'vitest';
import { choices } from '../../app/preferences.svelte';
import { settingsSections } from '../../app/router.svelte';
import { groupsOf, registry } from '../../app/settings/registry';
import { t } from '../../i18n/settings';
import { find } from './find';

const names = (words: string) => find(words).map((f) => t(f.setting.name));

test('a setting is found by its name, by what it is about and by other words for it', () => {
  expect(names('sound')[0]).toBe('Sound');
  expect(names('font')).toContain('Reading face');
  expect(names('dark')).toContain('Sheet');
  expect(names('spellcheck')).toEqual(['Check spelling']);
  expect(names('CASE of nothing')).toEqual([]);
  expect(names('  ')).toEqual([]);
});

test('what is in the name stands first and is marked', () => {
  const [first] = find('size');
  expect(first && t(first.setting.name)).toBe('Size');
  expect(first?.marks).toEqual([[0, 4]]);
});

test('every preference of a device has its place, once', () => {
  const of = registry.flatMap((s) => s.of ?? []);
  expect(of.toSorted()).toEqual(Object.keys(choices).toSorted());
});

test('every section that is made from the list has something in it, and names are not used twice', () => {
  for (const section of settingsSections.filter((s) => s !== 'agents')) expect(groupsOf(section), section).not.toEqual([]);
  const all = registry.map((s) => s.name);
  expect(new Set(all).size).toBe(all.length);
});
