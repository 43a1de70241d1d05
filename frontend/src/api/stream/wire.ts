import type { Hello } from './hello';

/** The key of the headlines of all sessions among a tab's cursors; the others are session ids. */
export const headlines = '*';

/** What a tab has seen: key -> seq. null: from now on. */
export type Cursors = Record<string, number | null>;

export interface Status {
  topic: string;
  session: string | null;
  /** null: no longer true. */
  doc: unknown;
}

/** What a browser has in front of a person, in all of its tabs. */
export interface Presence {
  visible: boolean;
  session?: string;
}

export type Trouble = 'lost' | 'starting';

/** What tabs say to each other. `term` grows with each change of the leader; older ones are not heard. */
export type Message =
  /** A tab says what it has open and how far it is. `paused`: it takes no frames until it is covered. */
  | { t: 'announce'; tab: string; gen: string | null; cursors: Cursors; paused: boolean; visible?: boolean }
  | { t: 'bye'; tab: string }
  /** From frame `n` of connection `gen` on, everything of `sessions` and all headlines past `from` comes. */
  | { t: 'cover'; term: number; gen: string; n: number; sessions: string[]; from: number; hello: Hello }
  | { t: 'frame'; term: number; gen: string; n: number; seq: number; kind: string; session: string; data: string }
  | { t: 'status'; term: number; items: Status[] }
  /** `next`: when the leader tries again, by the machine's clock; 0 = nothing is wrong. */
  | { t: 'alive'; term: number; trouble: Trouble | null; next?: number }
  /** A person asks not to wait for that. */
  | { t: 'try'; term: number }
  | { t: 'reset'; term: number };
