import { preferences } from '../app/preferences.svelte';
import { t } from '.';
import { number } from './number';
import { tongue } from './tongue';

export { number };

const hour = { hour: '2-digit', minute: '2-digit' } as const;
const kinds = {
  time: hour,
  weekday: { weekday: 'short' },
  date: { day: 'numeric', month: 'short' },
  day: { day: 'numeric', month: 'long' },
  month: { month: 'short', year: 'numeric' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', ...hour },
  moment: { day: 'numeric', month: 'short', year: 'numeric', ...hour },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Making one takes longer than all else that a frame of a growing answer does. */
const made = new Map<string, Intl.DateTimeFormat>();

/**
 * A day or an hour as the language and the person's clock say it: `time` 09:58,
 * `weekday` Fri, `date` 3 Nov, `day` 3 November, `month` Nov 2025, `moment` 3 Nov 2026, 09:58, `full` Tuesday 3 November 2026 at 09:58.
 */
export function date(at: Date | number | string, kind: keyof typeof kinds): string {
  const clock = preferences.get('clock');
  const key = `${tongue.locale} ${kind} ${clock}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(tongue.locale, { ...kinds[kind], ...('hour' in kinds[kind] && hours(clock)) });
    made.set(key, format);
  }
  return format.format(typeof at === 'string' ? Date.parse(at) : at);
}

/** Unless one is chosen, twelve hours are for a language that counts so, in a browser that does: English alone says no region. */
function hours(clock: string): Intl.DateTimeFormatOptions {
  const twelve = clock === 'system' ? [tongue.locale, []].every(halves) : clock === '12';
  return twelve ? { hourCycle: 'h12', hour: 'numeric' } : { hourCycle: 'h23' };
}

function halves(locale: string | string[]): boolean {
  return new Intl.DateTimeFormat(locale, hour).resolvedOptions().hour12 === true;
}

/** A time span: tenths under 10 s, whole seconds under a minute, then m:ss and h:mm:ss. */
export function duration(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s >= 59.5) return clock(s);
  return t('chat.seconds', { n: number(s, s < 9.95 ? 'tenths' : 'whole') });
}

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const tail = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return s < 3600 ? tail.replace(/^0/, '') : `${Math.floor(s / 3600)}:${tail}`;
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}

/** How long something has waited, in its largest unit: 40 s, 2 m, 3 h, 4 d. */
export function waited(ms: number): string {
  const s = Math.max(0, ms / 1000);
  if (s < 60) return t('chat.seconds', { n: Math.floor(s) });
  if (s < 3600) return t('shell.minutes', { n: Math.floor(s / 60) });
  return s < 86_400 ? t('shell.hours', { n: Math.floor(s / 3600) }) : t('shell.days', { n: Math.floor(s / 86_400) });
}

/** A count in few characters: 940, 38.4k, 118k, 1.2M. */
export function count(n: number): string {
  if (n < 1000) return number(n);
  return n < 999_500 ? t('shell.thousands', { n: short(n / 1000) }) : t('shell.millions', { n: short(n / 1_000_000) });
}

/** Three digits at most that say something. */
function short(n: number): string {
  return number(n, n >= 99.95 ? 'whole' : 'tenths');
}

/** US dollars; what is less than a cent keeps two digits that say something. */
export function cost(dollars: number): string {
  return number(dollars, dollars > 0 && dollars < 0.01 ? 'parts of a cent' : 'dollars');
}

/** Dollars per million tokens in few characters: $0.15, $2.50, $3; what is less than a cent keeps two digits. */
export function price(dollars: number): string {
  if (Number.isInteger(dollars)) return number(dollars, 'whole dollars');
  const cents = dollars * 100;
  const whole = Math.abs(cents - Math.round(cents)) < 1e-6 || dollars >= 1;
  return number(dollars, whole ? 'dollars' : 'parts of a cent');
}

/** The size of a file: 940 B, 14 KB, 2.5 MB. */
export function bytes(n: number): string {
  if (n < 1000) return t('chat.bytes', { n });
  if (n < 999_500) return t('chat.kilobytes', { n: Math.round(n / 1000) });
  return t('chat.megabytes', { n: number(n / 1_000_000, 'tenths') });
}
