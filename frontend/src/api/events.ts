import { newId } from './id';
import { browser, type Env } from './stream/env';
import { Hub } from './stream/hub';
import type { Listener } from './stream/tab';
import type { Presence } from './stream/wire';

export type { Listener, State } from './stream/tab';
export type { Presence } from './stream/wire';

export interface Events {
  /**
   * A snapshot of the session, covering seq, is loaded: from now on everything
   * after it comes. Also for a session that is open, after it was loaded anew.
   */
  open(sessionId: string, seq: number): void;
  close(sessionId: string): void;
  /** Tries to connect at once. */
  hurry(): void;
  /** Whether this tab owns the stream, and what a person can see of this browser. */
  presence(): Presence & { owner: boolean };
  stop(): void;
}

export interface Options extends Listener {
  /** The seq that the loaded lists cover. Without it: load them after the first `live`. */
  after?: number;
  env?: Env;
}

/**
 * The one event stream of this browser, shared by its tabs. Every event of an
 * open session after its snapshot comes once, in order, and so does every
 * headline of all sessions. An event may be older than what a list covers (a
 * session was opened by an older snapshot): lists drop it by their own seq.
 * Call it once per page.
 */
export function connectEvents(options: Options): Events {
  const hub = new Hub(newId('ses_').slice(4), options.after ?? null, options, options.env ?? browser());
  return {
    open: (session, seq) => hub.tab.open(session, seq),
    close: (session) => hub.tab.close(session),
    hurry: () => hub.hurry(),
    presence: () => hub.presence(),
    stop: () => hub.stop(),
  };
}
