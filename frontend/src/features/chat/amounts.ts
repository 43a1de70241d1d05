import { t } from '../../i18n';

/** A time span: tenths under 10 s, whole seconds under a minute, then m:ss and h:mm:ss. */
export function duration(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s < 9.95) return t('chat.seconds', { n: s.toFixed(1).replace(/\.0$/, '') });
  if (s < 59.5) return t('chat.seconds', { n: Math.round(s).toString() });
  return clock(s);
}

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const tail = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return s < 3600 ? tail.replace(/^0/, '') : `${Math.floor(s / 3600)}:${tail}`;
}

/** Milliseconds between two times; `to` null: until now. */
export function between(from: string, to: string | null, now: number): number {
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}

/** Made once: making one takes longer than all else that a frame of a growing answer does. */
const minutes = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export function hm(at: string): string {
  return minutes.format(Date.parse(at));
}

/** 940, 38.4k, 118k, 1.2M. */
export function count(n: number): string {
  if (n < 1000) return String(n);
  return n < 999_500 ? `${short(n / 1000)}k` : `${short(n / 1_000_000)}M`;
}

/** Three digits at most that say something. */
function short(n: number): string {
  return n >= 99.95 ? String(Math.round(n)) : n.toFixed(1).replace(/\.0$/, '');
}

/** Dollars; what is less than a cent keeps two digits that say something. */
export function cost(dollars: number): string {
  if (dollars > 0 && dollars < 0.01) return `$${dollars.toPrecision(2)}`;
  return `$${dollars.toFixed(2)}`;
}

export function bytes(n: number): string {
  if (n < 1000) return t('chat.bytes', { n: String(n) });
  if (n < 999_500) return t('chat.kilobytes', { n: String(Math.round(n / 1000)) });
  return t('chat.megabytes', { n: (n / 1_000_000).toFixed(1) });
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}
