import type { Turn } from '../../fold/types';

/** What a person does with a turn. The same functions for all turns: what cannot be done now is said by `May`. */
export interface TurnDeeds {
  resume: (turn: Turn) => void;
  regenerate: (turn: Turn) => void;
  resend: (turn: Turn, text: string) => void;
  undo: (turn: Turn) => void;
  fork: (turn: Turn) => void;
  choose: (turn: string) => void;
}

/** What is offered here and now. */
export interface May {
  /** Turns can be asked again: all of them, the last one, or none. */
  again: 'all' | 'last' | 'none';
  fork: boolean;
  /** A turn works: what would be in its way is shown and waits. */
  busy: boolean;
}

/** Whether the agent began a turn by itself: also elsewhere, where only its own words in a person's place say so. */
export function begunByAgent(turn: Turn): boolean {
  return turn.origin === 'agent' || (turn.origin === 'elsewhere' && /^\[(ASYNC |IMPORTANT: )/.test(turn.prompt.text));
}

/** Whether a turn can be asked again, now or later. */
export function againIs(may: May, last: boolean): boolean {
  return may.again === 'all' || (may.again === 'last' && last);
}
