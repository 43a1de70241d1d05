import { date } from '../../i18n/format';
import { words } from '../../i18n/palette';

/** When a session was last at work: today 09:58, 6 Nov, Nov 2025. */
export function when(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return words('palette.today', { time: date(at, 'time') });
  return at.getFullYear() === now.getFullYear() ? date(at, 'date') : date(at, 'month');
}
