/** One line of a diff. `old` and `now` are line numbers; null where the line is not in that file. */
export interface DiffLine {
  sign: ' ' | '+' | '-';
  old: number | null;
  now: number | null;
  text: string;
  /** What of the text differs from its partner, as [from, to); null: all or nothing. */
  mark: readonly [number, number] | null;
}

export interface Hunk {
  /** The line that begins with @@, or a sentence in place of lines. */
  head: string;
  lines: readonly DiffLine[];
}

export interface FileDiff {
  path: string;
  /** Only where it was another. */
  was: string;
  state: 'changed' | 'made' | 'removed';
  added: number;
  removed: number;
  hunks: readonly Hunk[];
}

interface Open {
  file: { -readonly [K in keyof FileDiff]: FileDiff[K] } & { hunks: Hunk[] };
  hunk: { head: string; lines: DiffLine[] } | null;
  old: number;
  now: number;
  /** Lines that the hunk still has to have: a line of text may look like a header. */
  leftOld: number;
  leftNow: number;
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads a unified diff of one or more files. What it does not understand is left out. */
export function parseDiff(diff: string): FileDiff[] {
  const files: FileDiff[] = [];
  let at: Open | null = null;
  const lines = diff.replace(/\n$/, '').split('\n');
  for (const [i, line] of lines.entries()) {
    if (at && inHunk(at, line)) {
      take(at, line);
      continue;
    }
    const head = hunkHead.exec(line);
    if (head) {
      at ??= begin(files, '', '');
      beginHunk(at, line, head);
    } else if (line.startsWith('@@ ') && line.endsWith(' @@')) {
      // A sentence in place of lines: the file is no text, or the rest is not shown.
      at ??= begin(files, '', '');
      at.hunk = null;
      at.file.hunks.push({ head: line.slice(3, -3), lines: [] });
    } else if (line.startsWith('--- ') && lines[i + 1]?.startsWith('+++ ')) {
      at = begin(files, name(line), name(lines[i + 1] ?? ''));
    }
  }
  for (const f of files) for (const h of f.hunks) markPairs(h.lines as DiffLine[]);
  return files;
}

/** Whether a text can be drawn as a diff. */
export function isDiff(text: string): boolean {
  return parseDiff(text).some((f) => f.path !== '' && f.hunks.length > 0);
}

function begin(files: FileDiff[], was: string, path: string): Open {
  const made = was === '/dev/null';
  const removed = path === '/dev/null';
  const file: Open['file'] = {
    path: removed ? was : path,
    was: made || removed || was === path ? '' : was,
    state: made ? 'made' : removed ? 'removed' : 'changed',
    added: 0,
    removed: 0,
    hunks: [],
  };
  files.push(file);
  return { file, hunk: null, old: 0, now: 0, leftOld: 0, leftNow: 0 };
}

function beginHunk(at: Open, line: string, [, old, oldCount, now, nowCount]: RegExpExecArray): void {
  at.hunk = { head: line, lines: [] };
  at.file.hunks.push(at.hunk);
  at.old = Number(old);
  at.now = Number(now);
  at.leftOld = oldCount === undefined ? 1 : Number(oldCount);
  at.leftNow = nowCount === undefined ? 1 : Number(nowCount);
}

function inHunk(at: Open, line: string): boolean {
  return at.hunk !== null && (at.leftOld > 0 || at.leftNow > 0) && !line.startsWith('@@');
}

function take(at: Open, line: string): void {
  const sign = line.charAt(0);
  if (sign === '\\') return; // "\ No newline at end of file"
  const text = line.slice(1).replace(/\r$/, '');
  if (sign === '+') {
    at.hunk?.lines.push({ sign, old: null, now: at.now++, text, mark: null });
    at.file.added++;
    at.leftNow--;
  } else if (sign === '-') {
    at.hunk?.lines.push({ sign, old: at.old++, now: null, text, mark: null });
    at.file.removed++;
    at.leftOld--;
  } else {
    at.hunk?.lines.push({ sign: ' ', old: at.old++, now: at.now++, text, mark: null });
    at.leftOld--;
    at.leftNow--;
  }
}

/** The path of a header line: without a/ and b/, and without the time that some programs add. */
function name(line: string): string {
  const path = line.slice(4).split('\t', 1)[0]?.trim() ?? '';
  return path === '/dev/null' ? path : path.replace(/^[ab]\//, '');
}

/** Says what changed inside of lines where as many were added as removed. */
function markPairs(lines: DiffLine[]): void {
  for (let i = 0; i < lines.length; ) {
    const removed = run(lines, i, '-');
    const added = run(lines, i + removed, '+');
    if (removed > 0 && removed === added) {
      for (let k = 0; k < removed; k++) markPair(lines[i + k], lines[i + removed + k]);
    }
    i += Math.max(1, removed + added);
  }
}

function run(lines: readonly DiffLine[], from: number, sign: string): number {
  let n = 0;
  while (lines[from + n]?.sign === sign) n++;
  return n;
}

function markPair(a: DiffLine | undefined, b: DiffLine | undefined): void {
  if (!a || !b) return;
  const most = Math.min(a.text.length, b.text.length);
  let from = 0;
  while (from < most && a.text[from] === b.text[from]) from++;
  let end = 0;
  while (end < most - from && a.text.at(-1 - end) === b.text.at(-1 - end)) end++;
  // Lines that share little are two lines, not one that changed.
  if ((from + end) * 2 < most) return;
  a.mark = from < a.text.length - end ? [from, a.text.length - end] : null;
  b.mark = from < b.text.length - end ? [from, b.text.length - end] : null;
}
