import { type SettingsKey, t } from '../../i18n/settings';
import type { Preference } from '../preferences.svelte';
import type { SettingsSection } from '../router.svelte';

/** Whom a setting is for: this browser, or everybody who uses the server. */
export type Where = 'device' | 'server';

/** How a preference is chosen. */
export type Control = 'switch' | 'choice' | 'list' | 'range';

/** One setting that a person can look for. */
export interface Setting {
  section: SettingsSection;
  /** The heading that it stands under. */
  group: SettingsKey;
  where: Where;
  name: SettingsKey;
  about?: SettingsKey;
  /** Other words that a person may look for it by. */
  words?: SettingsKey;
  /** The preference that it is; absent: a component of its own draws it. */
  of?: Preference;
  control?: Control;
}

function device(section: SettingsSection, group: SettingsKey, rows: Partial<Record<Preference, Control>>): Setting[] {
  return Object.entries(rows).map(([of, control]) => ({
    section,
    group,
    where: 'device',
    name: `pref.${of as Preference}`,
    about: `pref.${of as Preference}.about`,
    words: `pref.${of as Preference}.words`,
    of: of as Preference,
    control,
  }));
}

function other(section: SettingsSection, group: SettingsKey, where: Where, names: readonly SettingsKey[]): Setting[] {
  return names.map((name) => ({ section, group, where, name }));
}

/** Every setting, in the order of the screens. Screens, search and palette are made from it. */
export const registry: readonly Setting[] = [
  { ...sole('appearance', 'settings.theme', 'settings.theme'), words: 'settings.theme.words' },
  ...device('appearance', 'settings.text', { text: 'range', face: 'choice', measure: 'choice' }),
  ...device('appearance', 'settings.layout', { density: 'choice', motion: 'choice', language: 'list' }),

  ...device('reading', 'settings.transcript', {
    follow: 'switch',
    ledger: 'choice',
    thoughts: 'choice',
    usage: 'switch',
    outline: 'switch',
  }),
  ...device('reading', 'settings.answers', { wrap: 'switch', pictures: 'choice' }),

  ...device('writing', 'settings.composer', { send: 'choice', busy: 'choice', paste: 'switch' }),
  ...device('writing', 'settings.keys', { letters: 'switch' }),
  { ...sole('writing', 'settings.keys', 'settings.keys.all'), words: 'settings.keys.words' },

  ...device('notices', 'settings.away', { 'notify-ask': 'switch', 'notify-end': 'switch', sound: 'switch' }),
  sole('notices', 'settings.away', 'settings.try'),

  ...other('models', 'settings.new', 'server', ['settings.new.model', 'settings.new.effort', 'settings.new.workspace']),
  ...other('models', 'settings.found', 'server', ['settings.found']),
  ...other('models', 'settings.providers', 'server', ['settings.custom.add']),
  {
    section: 'agents',
    group: 'settings.agents',
    where: 'server',
    name: 'settings.outlive',
    about: 'settings.outlive.about',
    words: 'settings.outlive.words',
  },
  ...other('permissions', 'settings.rules', 'server', ['settings.rules']),
  ...other('tools', 'settings.mcp', 'server', ['settings.mcp', 'settings.mcp.add']),
  ...other('health', 'settings.health', 'server', ['settings.version']),
  { section: 'health', group: 'settings.health', where: 'server', name: 'settings.login', words: 'settings.login.words' },
  { section: 'health', group: 'settings.health', where: 'server', name: 'settings.logs', words: 'settings.logs.words' },
  ...other('health', 'settings.health', 'server', ['settings.agents.restart', 'settings.restart']),
  { section: 'health', group: 'settings.health', where: 'server', name: 'settings.quit', words: 'settings.quit.words' },

  ...device('advanced', 'settings.more-device', { clock: 'choice', spelling: 'switch', math: 'switch', diagrams: 'switch' }),
  ...(['titles', 'ask_after', 'shorten_at', 'command_seconds'] as const).map(
    (of): Setting => ({
      section: 'advanced',
      group: 'settings.more-server',
      where: 'server',
      name: `limit.${of}`,
      about: `limit.${of}.about`,
      words: `limit.${of}.words`,
    }),
  ),
];

function sole(section: SettingsSection, group: SettingsKey, name: SettingsKey): Setting {
  return { section, group, where: 'device', name };
}

/** The groups of a section with what stands in them. */
export function groupsOf(section: SettingsSection): { group: SettingsKey; rows: Setting[] }[] {
  const by = new Map<SettingsKey, Setting[]>();
  for (const row of registry.filter((s) => s.section === section)) by.set(row.group, [...(by.get(row.group) ?? []), row]);
  return [...by].map(([group, rows]) => ({ group, rows }));
}

/** All that is known of a setting in words, for a search. */
export function wordsOf(s: Setting): string {
  const keys = [s.name, `settings.${s.section}` as const, s.about, s.words].filter((key) => key !== undefined);
  return keys.map((key) => t(key)).join(' ');
}
