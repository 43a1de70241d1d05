const all = 'find';
const one = 'find-now';

/** Browsers without the Custom Highlight API only bring the place into view. */
export const canMark = typeof Highlight === 'function' && 'highlights' in CSS;

/** Marks every place that is drawn, and the one that was gone to. */
export function mark(ranges: readonly Range[], now: Range | null): void {
  if (!canMark) return;
  CSS.highlights.set(all, new Highlight(...ranges));
  const current = now ? new Highlight(now) : new Highlight();
  current.priority = 1;
  CSS.highlights.set(one, current);
}

export function unmark(): void {
  if (!canMark) return;
  CSS.highlights.delete(all);
  CSS.highlights.delete(one);
}
