import { date } from '../../i18n/format';

export { bytes, clock, cost, count, duration } from '../../i18n/format';

/** Milliseconds between two times; `to` null: until now. */
export function between(from: string, to: string | null, now: number): number {
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}

/** The time of day. */
export function hm(at: string): string {
  return date(at, 'time');
}
