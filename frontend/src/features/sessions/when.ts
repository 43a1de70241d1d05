import { date } from '../../i18n/format';

const day = 86_400_000;

/** The time of a row: 09:58 today and yesterday, Fri this week, 3 Nov, Nov 2025. */
export function when(at: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(at)) / day);
  if (days <= 1) return date(at, 'time');
  if (days < 7) return date(at, 'weekday');
  return at.getFullYear() === now.getFullYear() ? date(at, 'date') : date(at, 'month');
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
