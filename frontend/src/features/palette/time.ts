import { words } from '../../i18n/palette';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' });

/** When a session was last at work: today 09:58, 6 Nov, Nov 2025. */
export function when(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return words('palette.today', { time: time.format(at) });
  return at.getFullYear() === now.getFullYear() ? date.format(at) : month.format(at);
}
