import type { Choice } from '../../../app/preferences.svelte';

/** What sending means while the agent works. */
export type Mode = Choice<'busy'>;

/** An agent that cannot be steered now has the words queued. */
export function modeOf(chosen: Mode, steer: boolean): Mode {
  return chosen === 'steer' && !steer ? 'queue' : chosen;
}

/** What decides about a press. */
export interface Keyboard {
  key: Choice<'send'>;
  touch: boolean;
  mac: boolean;
  live: boolean;
  mode: Mode;
}

/**
 * The way in which a press sends. null: it does not, or as a key that is heard
 * everywhere. Where Enter has the place of steering or interrupting, the key of
 * that is left for the queue.
 */
export function wayOf(e: KeyboardEvent, at: Keyboard, hit: (id: 'prompt.steer' | 'prompt.interrupt') => boolean): Mode | null {
  const enter = sends(e, at.key, at.touch, at.mac);
  const other = at.live ? (['steer', 'interrupt'] as const).find((m) => hit(`prompt.${m}`)) : undefined;
  if (other && !(enter && at.key === 'mod-enter')) return other === at.mode ? 'queue' : null;
  return enter ? at.mode : null;
}

/** The press sends. A keyboard on the glass has no other key for a new line than Enter. */
export function sends(e: KeyboardEvent, key: Choice<'send'>, touch: boolean, mac: boolean): boolean {
  if (e.key !== 'Enter' || e.shiftKey || e.altKey) return false;
  const mod = mac ? e.metaKey : e.ctrlKey;
  return mod || (key === 'enter' && !touch);
}
