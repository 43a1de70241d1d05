import type { Health, HealthCheck } from '../../api/client';
import { bytes, number } from '../../i18n/format';
import { type SettingsKey, t } from '../../i18n/settings';
import type { GlyphState } from '../../ui/Glyph.svelte';

/** The checks that have a name here, in the order that they are shown in. */
const names = {
  streams_lock: 'settings.check.streams_lock',
  stream_runtime: 'settings.check.stream_runtime',
  sessions: 'settings.check.sessions',
  projects: 'settings.check.projects',
  store: 'settings.check.store',
  writer: 'settings.check.writer',
  lanes: 'settings.check.lanes',
  agent: 'settings.check.agent',
  state_db: 'settings.check.state_db',
  fds: 'settings.check.fds',
  goroutines: 'settings.check.goroutines',
  disk: 'settings.check.disk',
  log: 'settings.check.log',
} as const satisfies Record<string, SettingsKey>;

const glyphs: Record<HealthCheck['status'], GlyphState> = {
  ok: 'fine',
  missing: 'none',
  warning: 'degraded',
  error: 'failed',
  blocked: 'failed',
};

const states: Record<HealthCheck['status'], SettingsKey> = {
  ok: 'settings.health.well',
  missing: 'settings.health.none',
  warning: 'settings.health.warning',
  error: 'settings.health.error',
  blocked: 'settings.health.blocked',
};

/** One check as it is shown. */
export interface Shown {
  id: string;
  name: string;
  check: HealthCheck;
  glyph: GlyphState;
  /** Its state in a word. */
  state: string;
  /** What it counted; '' where that says nothing. */
  amount: string;
}

/** The checks of a report, known ones first. A newer server may have others. */
export function shown(report: Health): Shown[] {
  const order = Object.keys(names);
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.entries(report.checks ?? {})
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([id, check]) => ({
      id,
      name: Object.hasOwn(names, id) ? t(names[id as keyof typeof names]) : id.replaceAll('_', ' '),
      check,
      glyph: glyphs[check.status],
      state: t(states[check.status]),
      amount: amount(id, check),
    }));
}

/** How many do not work, and how many need a look. */
export function troubles(report: Health): { broken: number; marked: number } {
  const all = Object.values(report.checks ?? {}).map((c) => c.status);
  return {
    broken: all.filter((s) => s === 'error' || s === 'blocked').length,
    marked: all.filter((s) => s === 'warning').length,
  };
}

function amount(id: string, { active_streams, count, limit, free_bytes, bytes: taken }: HealthCheck): string {
  if (active_streams !== undefined) return t('settings.health.open', { n: active_streams });
  if (free_bytes !== undefined) return t('settings.health.free', { free: size(free_bytes) });
  if (taken !== undefined && taken > 0) return size(taken);
  if (count === undefined || count === 0) return '';
  if (limit !== undefined) return t('settings.health.of', { n: count, most: limit });
  return id === 'agent' ? t('settings.health.ready', { n: count }) : number(count);
}

function size(n: number): string {
  return n < 1e9 ? bytes(n) : t('settings.health.gigabytes', { n: number(n / 1e9, n < 1e11 ? 'tenths' : 'whole') });
}

/** Milliseconds as they are said of a check: 0.4, 12. */
export function millis(ms: number): string {
  return t('settings.health.ms', { n: number(Math.max(ms, 0.1), ms < 10 ? 'tenths' : 'whole') });
}
