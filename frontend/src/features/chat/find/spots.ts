import type { Hit } from '../../../api/client';

/**
 * Finds again in what is drawn what the server found in what was written. The
 * two differ: Markdown is drawn without its signs, and a row of the ledger says
 * only what its call is about.
 */

/** The text of an element, and where it is in the document. */
interface Drawn {
  text: string;
  /** The same as it is compared, and for each of its units the offset in `text`; null: the same one. */
  folded: string;
  offsets: readonly number[] | null;
  nodes: readonly { node: Text; from: number }[];
}

/** What begins on a line of its own. */
const lines = 'p, li, pre, td, th, dt, dd, h1, h2, h3, h4, h5, h6, blockquote, div, summary, figure';

/** As texts are compared: without case, letters in one form, every white space a space. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').replaceAll('ſ', 's').replace(/\s/g, ' ');
}

function read(root: Element): Drawn {
  const nodes: { node: Text; from: number }[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('button, .vh, .ld') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  let text = '';
  let line: Element | null | undefined;
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const own = node.parentElement?.closest(lines);
    if (text !== '' && own !== line) text += '\n';
    line = own;
    nodes.push({ node, from: text.length });
    text += node.data;
  }
  return { text, ...fold(text), nodes };
}

function fold(text: string): Pick<Drawn, 'folded' | 'offsets'> {
  const whole = folded(text);
  if (whole.length === text.length && text.normalize('NFC') === text) return { folded: whole, offsets: null };
  let out = '';
  const offsets: number[] = [];
  for (const letter of text.matchAll(/\P{M}?\p{M}*/gsu)) {
    const one = folded(letter[0]);
    for (let i = 0; i < one.length; i++) offsets.push(letter.index);
    out += one;
  }
  offsets.push(text.length);
  return { folded: out, offsets };
}

/** A place where the words are drawn, with its surroundings. */
export interface Spot {
  range: Range;
  before: string;
  after: string;
}

/** Every place in the element where the words are drawn, in order. */
export function spotsIn(root: Element, words: string): Spot[] {
  const wanted = folded(words);
  if (wanted === '') return [];
  const drawn = read(root);
  const spots: Spot[] = [];
  for (let i = drawn.folded.indexOf(wanted); i >= 0; i = drawn.folded.indexOf(wanted, i + wanted.length)) {
    const from = drawn.offsets?.[i] ?? i;
    const to = drawn.offsets?.[i + wanted.length] ?? i + wanted.length;
    const range = rangeOf(drawn.nodes, from, to);
    if (range)
      spots.push({ range, before: drawn.text.slice(Math.max(0, from - 60), from), after: drawn.text.slice(to, to + 60) });
  }
  return spots;
}

function rangeOf(nodes: Drawn['nodes'], from: number, to: number): Range | null {
  const first = nodes.findLast((x) => x.from <= from);
  const last = nodes.findLast((x) => x.from < to);
  if (!first || !last) return null;
  const range = document.createRange();
  range.setStart(first.node, Math.min(from - first.from, first.node.length));
  range.setEnd(last.node, Math.min(to - last.from, last.node.length));
  return range.collapsed ? null : range;
}

/**
 * Which of the drawn places is the hit: the nth of as many as there are hits in
 * this text, else the one whose surroundings are most alike.
 */
export function chosen(spots: readonly Spot[], hit: Hit, nth: number, of: number): Spot | undefined {
  if (spots.length === of) return spots[nth];
  const before = letters(hit.before);
  const after = letters(hit.after);
  const score = (s: Spot) =>
    alike([...letters(s.before)].reverse(), [...before].reverse()) + alike([...letters(s.after)], [...after]);
  const expected = (nth * spots.length) / of;
  const ranked = spots.map((spot, i) => ({ spot, score: score(spot), far: Math.abs(i - expected) }));
  ranked.sort((a, b) => b.score - a.score || a.far - b.far);
  return ranked[0]?.spot;
}

function letters(text: string): string {
  return folded(text).replace(/[^\p{L}\p{N}]/gu, '');
}

/** How many letters two texts have in common at their beginning. */
function alike(a: readonly string[], b: readonly string[]): number {
  const i = a.findIndex((x, i) => x !== b[i]);
  return i < 0 ? Math.min(a.length, b.length) : i;
}

/** Hits of one text of a turn. */
export interface Group {
  turn: string;
  part: string | null;
  in: Hit['in'];
  hits: readonly Hit[];
}

/** The hits by the text that they stand in. They come in the order of the transcript. */
export function grouped(hits: readonly Hit[]): Group[] {
  const out: { turn: string; part: string | null; in: Hit['in']; hits: Hit[] }[] = [];
  for (const hit of hits) {
    const last = out.at(-1);
    if (last && last.turn === hit.turn && last.part === hit.part && last.in === hit.in) last.hits.push(hit);
    else out.push({ turn: hit.turn, part: hit.part, in: hit.in, hits: [hit] });
  }
  return out;
}

/** The elements that draw the text: of a call the row, or what it opens. */
export function rootsOf(turn: Element, { part, in: place }: Pick<Hit, 'part' | 'in'>): Element[] {
  const roots = [...turn.querySelectorAll(`[data-part="${CSS.escape(part ?? 'prompt')}"]`)];
  if (place === 'prompt' || place === 'text') return roots;
  return roots.flatMap((root) => {
    if (!root.matches('details')) return root;
    const all = [...root.children];
    return place === 'title' ? all.slice(0, 1) : all.slice(1);
  });
}
