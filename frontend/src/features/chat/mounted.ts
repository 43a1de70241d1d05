/** How many turns come into the document at a time. */
export const step = 40;

/** How many turns are in the document at most. */
export const most = 120;

interface Named {
  readonly id: string;
}

/** The stretch of turns that is in the document, from its first to its last. */
export interface Stretch {
  /** null: as many as are shown of the newest. */
  first: string | null;
  /** null: it ends where the transcript does, and goes on with it. */
  last: string | null;
}

/** The same as places among the loaded turns; `to` is the first that is out again. */
export interface Range {
  from: number;
  to: number;
}

/** The newest turns, and those that follow. */
export const newest: Stretch = { first: null, last: null };

/** Where a stretch lies. `follows`: of too many turns the newest stay, else the first ones. */
export function rangeOf(turns: readonly Named[], { first, last }: Stretch, follows: boolean): Range {
  const end = place(turns, last) + 1 || turns.length;
  const begin = place(turns, first);
  const from = begin < 0 || begin >= end ? Math.max(0, end - step) : begin;
  if (end - from <= most) return { from, to: end };
  return follows ? { from: end - most, to: end } : { from, to: from + most };
}

function place(turns: readonly Named[], id: string | null): number {
  return id === null ? -1 : turns.findLastIndex((x) => x.id === id);
}

/** A stretch with older turns; newer ones leave it when there are too many. */
export function up(turns: readonly Named[], { from, to }: Range): Stretch {
  const begin = Math.max(0, from - step);
  return stretch(turns, begin, Math.min(to, begin + most));
}

/** A stretch with newer turns; older ones leave it when there are too many. */
export function down(turns: readonly Named[], { from, to }: Range): Stretch {
  const end = Math.min(turns.length, to + step);
  return stretch(turns, Math.max(from, end - most), end);
}

/** The stretch with a turn in its middle. */
export function around(turns: readonly Named[], at: number): Stretch {
  return stretch(turns, Math.max(0, at - step / 2), Math.min(turns.length, at + step / 2));
}

/** The stretch as it is, which newer turns do not move. */
export function held(turns: readonly Named[], { from, to }: Range): Stretch {
  return stretch(turns, from, to);
}

function stretch(turns: readonly Named[], from: number, to: number): Stretch {
  return { first: turns[from]?.id ?? null, last: to < turns.length ? (turns[to - 1]?.id ?? null) : null };
}
