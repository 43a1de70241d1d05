/** A reference to a file that is being written: from its `@` on, and what to look for. */
export interface Mention {
  from: number;
  query: string;
}

/** A longer word is no path that somebody types. */
const longest = 256;

/** The reference that ends at the caret, if a word begins with `@` before it. */
export function mentionAt(text: string, caret: number): Mention | null {
  const begin = Math.max(0, caret - longest);
  const found = /(?:^|[\s([{,;:])@("[^"\n]*|[^\s"]*)$/.exec(text.slice(begin, caret));
  if (!found) return null;
  const word = found[1] ?? '';
  return { from: caret - word.length - 1, query: word.replace('"', '') };
}

/** The begin of a reference to what is in a folder. */
export function into(path: string): string {
  return /[\s"]/.test(path) ? `@"${path}/` : `@${path}/`;
}
