/** A stretch of a command: words, or the number of blanks or lines in a gap. */
export type Piece = string | { blanks: number } | { lines: number };

/** Nobody needs so much room between two words; it moves the second one out of view. */
const wide = /\n(?:[^\S\n]*\n){3,}|[\s\u2800\u3164\uffa0]{40,}/g;

/** The command in stretches, so that a gap can be said in place of being left. */
export function pieces(command: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const { 0: gap, index } of command.matchAll(wide)) {
    if (index > at) out.push(command.slice(at, index));
    const lines = gap.split('\n').length - 2;
    out.push(lines > 0 ? { lines } : { blanks: gap.length });
    at = index + gap.length;
  }
  if (at < command.length) out.push(command.slice(at));
  return out;
}
