/** Where a text holds what was looked for: `marks` are pairs [from, to) in order. A better hit has a larger score. */
export interface Hit {
  score: number;
  marks: [number, number][];
}

/**
 * Looks for all words of the query, in any order: whole, at the start of a word,
 * else anywhere, else as letters in order that begin words or follow each other
 * closely. Case and accents make no difference. null: it is not that.
 */
export function match(text: string, query: string): Hit | null {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const plain = fold(text);
  const hit: Hit = { score: 0, marks: [] };
  for (const word of words) {
    const one = whole(plain, word) ?? scattered(plain, word);
    if (!one) return null;
    hit.score += one.score;
    hit.marks.push(...one.marks);
  }
  hit.score -= text.length / 100; // of two equal hits the shorter text
  hit.marks = merged(hit.marks);
  return hit;
}

/** The text in pieces, those that were looked for marked. */
export function pieces(text: string, marks: readonly [number, number][]): { text: string; hit: boolean }[] {
  const out: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) out.push({ text: text.slice(at, from), hit: false });
    out.push({ text: text.slice(from, to), hit: true });
    at = to;
  }
  if (at < text.length) out.push({ text: text.slice(at), hit: false });
  return out;
}

/** As long as the text itself, so that places in both are the same. */
function fold(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what has nothing else needs no folding
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  let out = '';
  for (let i = 0; i < text.length; i++) out += (text[i] ?? '').normalize('NFD').charAt(0).toLowerCase().charAt(0);
  return out;
}

function whole(text: string, word: string): Hit | null {
  let at = text.indexOf(word);
  if (at < 0) return null;
  const first = at;
  while (at >= 0 && !begins(text, at)) at = text.indexOf(word, at + 1);
  const starts = at >= 0;
  const from = starts ? at : first;
  const score = word.length * 2 + (starts ? 10 : 4) + (from === 0 ? 4 : 0);
  return { score, marks: [[from, from + word.length]] };
}

/** The largest gap between two letters of a word that do not begin words themselves. */
const widest = 2;

function scattered(text: string, word: string): Hit | null {
  if (word.length < 2) return null;
  const marks: [number, number][] = [];
  let at = -1;
  for (const letter of word) {
    const near = text.indexOf(letter, at + 1);
    if (near < 0) return null;
    let next = near;
    if (at < 0 || near - at > widest) {
      while (next >= 0 && !begins(text, next)) next = text.indexOf(letter, next + 1);
      if (next < 0) return null; // letters from anywhere are chance
    }
    marks.push([next, next + 1]);
    at = next;
  }
  return { score: word.length - marks.length / 10, marks };
}

function begins(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}

function merged(marks: [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
