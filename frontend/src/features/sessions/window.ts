/** Heights of the lines of a list, in pixels. */
export interface Heights {
  row: number;
  group: number;
  ask: number;
}

export interface Slice {
  from: number;
  to: number;
  /** Empty room above and below the slice, in pixels. */
  above: number;
  below: number;
}

/** The tops of the lines, and the whole height as the last entry. */
export function tops(kinds: readonly ('group' | 'ask' | 'session')[], h: Heights): number[] {
  const out = [0];
  let at = 0;
  for (const kind of kinds) {
    at += kind === 'session' ? h.row : h[kind];
    out.push(at);
  }
  return out;
}

/** Which lines to draw for a viewport, with some more on both sides. */
export function slice(top: readonly number[], scroll: number, height: number, extra = 400): Slice {
  const n = top.length - 1;
  const from = Math.max(0, find(top, scroll - extra));
  const to = Math.min(n, find(top, scroll + height + extra) + 1);
  const all = top[n] ?? 0;
  return { from, to, above: top[from] ?? 0, below: all - (top[to] ?? all) };
}

/** The line that covers the height y. */
function find(top: readonly number[], y: number): number {
  let low = 0;
  let high = Math.max(0, top.length - 2);
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((top[mid] ?? 0) <= y) low = mid;
    else high = mid - 1;
  }
  return low;
}
