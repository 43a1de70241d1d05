import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError, api } from '../../api/client';
import { McpStore } from '../../stores/mcp.svelte';
import type { PageState } from '../../stores/page.svelte';
import { SettingsState } from './state.svelte';

let told: (topic: string) => void;
const page = { connection_: { onTopic: (f: typeof told) => (told = f) } } as unknown as PageState;

const none = {
  default_agent: 'direct',
  default_model: '',
  default_effort: '' as const,
  default_workspace: '',
  plain_titles: false,
  ask_after: 0,
  shorten_at: 0,
  command_seconds: 0,
  turns_outlive: false,
  models: {},
};

beforeEach(() => {
  vi.spyOn(api.settings, 'get').mockResolvedValue(none);
  vi.spyOn(api.rules, 'list').mockResolvedValue({ items: [] });
  vi.spyOn(api.mcp, 'list').mockResolvedValue({ items: [] });
});
afterEach(() => vi.restoreAllMocks());

const asked = () => [api.settings.get, api.mcp.list, api.rules.list].map((f) => vi.mocked(f).mock.calls.length);

it('asks again for what another tab changed, and only for that', () => {
  new SettingsState(page);
  expect(asked()).toEqual([0, 0, 0]);
  told('rules');
  expect(asked()).toEqual([0, 0, 1]);
  told('agents');
  expect(asked()).toEqual([1, 1, 1]);
  told('waits');
  expect(asked()).toEqual([1, 1, 1]);
});

it('takes a server that another tab removed for removed', async () => {
  const mcp = new McpStore();
  const remove = vi.spyOn(api.mcp, 'remove').mockRejectedValue(new ApiError(404, 'no_mcp', ''));
  await mcp.remove('files');
  remove.mockRejectedValue(new ApiError(503, 'starting', ''));
  await expect(mcp.remove('files')).rejects.toThrow();
});

it('asks whether the program starts at login only once somebody looked', async () => {
  const off = { state: 'off' as const, text: '', possible: true, why: '' };
  const get = vi.spyOn(api.system, 'autostart').mockResolvedValue(off);
  const { autostart } = new SettingsState(page);
  told('autostart');
  expect(get).not.toHaveBeenCalled();
  await autostart.load();
  told('autostart');
  expect(get).toHaveBeenCalledTimes(2);
  autostart.leave();
  told('autostart');
  expect(get).toHaveBeenCalledTimes(2);
});

it('keeps what is true of the start at login where a change is refused', async () => {
  const off = { state: 'off' as const, text: '', possible: true, why: '' };
  vi.spyOn(api.system, 'autostart').mockResolvedValue(off);
  const put = vi.spyOn(api.system, 'setAutostart').mockRejectedValueOnce(new ApiError(409, 'no_autostart', 'No.'));
  const { autostart } = new SettingsState(page);
  await autostart.load();
  expect(await autostart.set(true)).toBe(false);
  expect([autostart.now, autostart.error?.detail, autostart.busy]).toEqual([off, 'No.', false]);
  put.mockResolvedValueOnce({ ...off, state: 'on' });
  expect(await autostart.set(true)).toBe(true);
  expect([autostart.now?.state, autostart.error]).toEqual(['on', null]);
});
