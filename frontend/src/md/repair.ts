import { pending } from './href';

/** So many marks that wait for their end are no text that anybody writes: they are shown as they are. */
const most = 32;

/** A mark that was opened: bold, italics, struck. */
interface Open {
  char: string;
  run: number;
}

interface Bracket {
  at: number;
  image: boolean;
  /** Marks open before it: those after it are inside the link's text. */
  depth: number;
}

/**
 * Closes what the end of a growing text has left open, so that half-written
 * marks never flash as characters. The result is only for showing: the text
 * itself stays as it is.
 */
export function repair(src: string): string {
  const open: Open[] = [];
  const brackets: Bracket[] = [];
  let unused = 0; // of the newest run of marks
  let i = 0;
  while (i < src.length) {
    const c = src.charAt(i);
    if (c === '\\') {
      i += 2;
    } else if (c === '`') {
      const end = codeEnd(src, i);
      if (end < 0) return closeCode(src, i) + closers(open);
      i = end;
    } else if (c === '[') {
      brackets.push({ at: i, image: src.charAt(i - 1) === '!', depth: open.length });
      i++;
    } else if (c === ']') {
      const from = brackets.pop();
      const end = src.charAt(i + 1) === '(' ? destinationEnd(src, i + 1) : i + 1;
      if (from && end < 0) return closeLink(src.slice(0, from.at), src.slice(from.at + 1, i), from, open);
      i = from ? Math.max(end, i + 1) : i + 1;
    } else if (c === '*' || c === '_' || c === '~') {
      const run = runAt(src, i, c);
      unused = marks(src, i, run, c, open);
      if (open.length > most) return src;
      i += run;
    } else i++;
  }
  const last = brackets.at(-1);
  if (last && startsLink(src, last)) return closeLink(src.slice(0, last.at), src.slice(last.at + 1), last, open);
  return closeMarks(src, open, unused);
}

/** The offset after a code span that begins at i, or -1 when it has no end. */
function codeEnd(src: string, i: number): number {
  const run = runAt(src, i, '`');
  for (let j = i + run; j < src.length; ) {
    if (src.charAt(j) !== '`') {
      j++;
      continue;
    }
    const n = runAt(src, j, '`');
    j += n;
    if (n === run) return j;
  }
  return -1;
}

function closeCode(src: string, i: number): string {
  const run = runAt(src, i, '`');
  const inside = src.slice(i + run).replace(/`+$/, ''); // the first of its closing ticks
  return inside.trim() === '' ? src.slice(0, i).trimEnd() : `${src.slice(0, i + run)}${inside}${'`'.repeat(run)}`;
}

/** The offset after the parentheses that open at i, or -1 when they do not close. */
function destinationEnd(src: string, i: number): number {
  let depth = 0;
  for (let j = i; j < src.length; j++) {
    const c = src.charAt(j);
    if (c === '\\') j++;
    else if (c === '\n' && src.charAt(j + 1) === '\n') return j;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return j + 1;
  }
  return -1;
}

/** `a[0` is an index, `[docs` begins a link; one that runs over lines is most likely neither. */
function startsLink(src: string, b: Bracket): boolean {
  const before = src.charAt(b.at - 1);
  const inside = src.slice(b.at + 1);
  return (b.image || !/[\w\])]/.test(before)) && !inside.includes('\n') && !/^[ x]?$/i.test(inside);
}

function closeLink(before: string, inside: string, b: Bracket, open: Open[]): string {
  const text = repair(inside);
  return `${before}[${text}](${pending})${closers(open.slice(0, b.depth))}`;
}

/** Takes the run of marks at i into account and returns how many of them do nothing. */
function marks(src: string, i: number, run: number, c: string, open: Open[]): number {
  if (c === '~' && run !== 2) return i + run < src.length ? 0 : run; // "~5 minutes" is no struck text
  const before = src.charAt(i - 1);
  const after = src.charAt(i + run);
  const opens = after !== '' && !/\s/.test(after) && !(c === '_' && /\w/.test(before));
  const closes = before !== '' && !/\s/.test(before) && !(c === '_' && /\w/.test(after));
  const left = closes ? close(c, run, open) : run;
  if (left === 0 || !opens || (closes && left < run)) return left;
  open.push({ char: c, run: left });
  return 0;
}

function close(c: string, run: number, open: Open[]): number {
  let left = run;
  while (left > 0) {
    const at = open.findLastIndex((o) => o.char === c);
    const o = open[at];
    if (!o) return left;
    const used = Math.min(o.run, left);
    o.run -= used;
    left -= used;
    open.length = o.run === 0 ? at : at + 1;
  }
  return left;
}

/**
 * Marks at the very end that close everything stay; others are the beginning of
 * an opener or a part of a closer, and are not shown.
 */
function closeMarks(src: string, open: Open[], unused: number): string {
  const text = src.trimEnd();
  const bare = text.replace(/(?<!\\)[*_~]+$/, '');
  if (bare === text || (open.length === 0 && unused === 0)) return text + closers(open);
  return /[*_~\s]{64}$/.test(bare) ? src : repair(bare);
}

function closers(open: readonly Open[]): string {
  return open
    .map((o) => o.char.repeat(o.run))
    .reverse()
    .join('');
}

function runAt(src: string, i: number, c: string): number {
  let j = i;
  while (src.charAt(j) === c) j++;
  return j - i;
}
