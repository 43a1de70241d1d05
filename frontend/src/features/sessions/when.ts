const day = 86_400_000;
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' });

/** The time of a row: 09:58 today and yesterday, Fri this week, 3 Nov, Nov 2025. */
export function when(at: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(at)) / day);
  if (days <= 1) return time.format(at);
  if (days < 7) return weekday.format(at);
  return at.getFullYear() === now.getFullYear() ? date.format(at) : month.format(at);
}

/** How long something has waited: 40 s, 2 m, 3 h, 4 d. */
export function waited(since: Date, now: Date): string {
  const s = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m`;
  return s < 86_400 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86_400)} d`;
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
