import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { preferences } from '../../app/preferences.svelte';

import { registry, type Setting } from '../../app/settings/registry';
import Preference from './Preference.svelte';

afterEach(() => {
  vi.useRealTimers();
  preferences.set('usage', 'on');
  document.body.replaceChildren();
});

it('says for two seconds that a switch was kept, and nothing before', async () => {
  vi.useFakeTimers();
  const row = registry.find((s) => s.of === 'usage') as Setting;
  const drawn = mount(Preference, { target: document.body, props: { row, of: 'usage' } });
  const said = () => document.body.textContent?.includes('Saved') ?? false;
  expect(said()).toBe(false);
  document.querySelector<HTMLElement>('[role="switch"]')?.click();
  await vi.advanceTimersByTimeAsync(0);
  flushSync();
  expect([preferences.get('usage'), said()]).toEqual(['off', true]);
  await vi.advanceTimersByTimeAsync(2000);
  flushSync();
  expect(said()).toBe(false);
  await unmount(drawn);
});
