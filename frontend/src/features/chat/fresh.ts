import type { Turn } from '../../fold/types';

/** Where a reader left the end: the last turn then, and how much it had. */
export interface Left {
  turn: string;
  parts: number;
}

/** The end as it is now. */
export function endOf(turns: readonly Turn[]): Left | null {
  const last = turns.at(-1);
  return last ? { turn: last.id, parts: last.parts.length } : null;
}

/** How many parts and prompts came since; 0 where the path is another one. */
export function fresh(turns: readonly Turn[], left: Left | null): number {
  let count = 0;
  for (let i = turns.length - 1; left && i >= 0; i--) {
    const turn = turns[i];
    if (turn?.id === left.turn) return count + Math.max(0, turn.parts.length - left.parts);
    count += (turn?.parts.length ?? 0) + (turn?.prompt.text === '' ? 0 : 1);
  }
  return 0;
}
