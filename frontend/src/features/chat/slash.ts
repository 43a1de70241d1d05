/** A command: its name after the slash. */
export interface Named {
  name: string;
  /** Words may stand behind it. */
  takes: boolean;
}

/** What is written in the composer, as far as it is a command. */
export type Said<C extends Named> =
  /** A text like any other. */
  | { kind: 'text' }
  /** A text that begins with a slash: one of the two is there to say so. */
  | { kind: 'escaped'; text: string }
  /** The beginning of a name; `name` may be empty. */
  | { kind: 'name'; name: string }
  /** Like a command, but there is none of that name. */
  | { kind: 'unknown'; name: string }
  /** A command that takes no words, with words behind it: it is meant as text. */
  | { kind: 'too-much'; command: C }
  | { kind: 'command'; command: C; words: string };

/**
 * Reads the text of a composer. Only a slash at its very beginning, with a word
 * of letters and digits directly behind it, can be a command: `/usr/bin`,
 * `//` and `/ stop` are text, and `//stop` says `/stop`. Names are ASCII and compared without case; the
 * words behind one are taken as they are, with their line breaks.
 */
export function parse<C extends Named>(text: string, commands: readonly C[]): Said<C> {
  if (/^\/\/[\p{L}\p{N}_-]{1,32}(?:$|\s)/u.test(text)) return { kind: 'escaped', text: text.slice(1) };
  const said = /^\/([\p{L}\p{N}_-]{0,32})(?:$|(\s)([\s\S]*))/u.exec(text);
  if (!said) return { kind: 'text' };
  const name = said[1] ?? '';
  const command = commands.find((c) => c.name === name.toLowerCase());
  const behind = said[2] !== undefined;
  if (!behind && !command && commands.some((c) => c.name.startsWith(name.toLowerCase()))) return { kind: 'name', name };
  if (name === '') return { kind: 'text' };
  if (!command) return { kind: 'unknown', name };
  const words = (said[3] ?? '').trim();
  if (words !== '' && !command.takes) return { kind: 'too-much', command };
  return behind ? { kind: 'command', command, words } : { kind: 'name', name };
}
