import type { Key } from '../../i18n';

/** The words for the hour of the day. */
export function greeting(now: Date): Key {
  const hour = now.getHours();
  if (hour < 5 || hour >= 22) return 'first.hello';
  if (hour < 12) return 'first.morning';
  return hour < 18 ? 'first.afternoon' : 'first.evening';
}
