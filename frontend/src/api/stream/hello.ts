/** The first frame of every stream. */
export interface Hello {
  version: string;
  /** Every kind of event the server can send. */
  kinds: string[];
  log: string;
  epoch: string;
  /** [id, first seq] of the last starts, oldest first. */
  epochs: [string, number][];
  seq: number;
}

/** Where cursors come from: the log and the start of the server at which they were true. */
export interface Origin {
  log: string;
  epoch: string;
}

/**
 * Whether cursors no longer mean what they did: another log, or a younger start
 * that began at or before one of them. Then a power cut or a restored backup
 * took events back, and others have their numbers now.
 */
export function stale(hello: Hello, origin: Origin, cursors: Iterable<number>): boolean {
  if (hello.log !== origin.log) return true;
  const own = hello.epochs.findIndex(([id]) => id === origin.epoch);
  if (own < 0) return hello.epoch !== origin.epoch; // too many starts ago to tell
  const younger = hello.epochs.slice(own + 1);
  for (const c of cursors) if (younger.some(([, first]) => c >= first)) return true;
  return false;
}
