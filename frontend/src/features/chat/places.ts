/** Where somebody was in a session. */
export interface Spot {
  turn: string;
  /** How far below the upper edge of the view it begins, in pixels. */
  top: number;
}

/** By session, until the page is loaded anew. */
const left = new Map<string, Spot>();

/** Where the session was left; undefined: at its end. */
export function spotOf(session: string): Spot | undefined {
  return left.get(session);
}

export function keepSpot(session: string, spot: Spot | null): void {
  if (spot) left.set(session, spot);
  else left.delete(session);
}
