import type { Turn, Usage } from '../../fold/types';

/** How full the context of a model is. */
export type Fullness = 'unknown' | 'fine' | 'filling' | 'full';

export interface Context {
  usage: Usage;
  /** Tokens of the window; 0 = not known. */
  window: number;
  /** 0 to 1; 0 where the window is not known. */
  share: number;
  fullness: Fullness;
}

/** From here the meter says in words that it fills up, and that it is nearly full. */
const filling = 0.75;
const full = 0.9;

/**
 * What the newest turn that tells says of the context; null where none does.
 * `window` is the chosen model's own, for answers that did not name one.
 */
export function contextOf(turns: readonly Turn[], window = 0): Context | null {
  const usage = turns.findLast((x) => x.usage !== null && x.usage.context > 0)?.usage;
  if (!usage) return null;
  const of = usage.window > 0 ? usage.window : window;
  const share = of > 0 ? Math.min(1, usage.context / of) : 0;
  return { usage, window: of, share, fullness: fullness(of, share) };
}

function fullness(window: number, share: number): Fullness {
  if (window <= 0) return 'unknown';
  if (share >= full) return 'full';
  return share >= filling ? 'filling' : 'fine';
}

/** The cost of a session's turns that are loaded, in dollars. */
export function costOf(turns: readonly Turn[]): number {
  return turns.reduce((sum, x) => sum + (x.usage?.cost ?? 0), 0);
}
