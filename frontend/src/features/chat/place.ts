/** What the reader has at the top of the view. */
export interface Anchor {
  turn: HTMLElement;
  /** How far below the view's upper edge it begins. */
  top: number;
}

/** The first turn that the view shows. */
export function anchorOf(box: HTMLElement): Anchor | null {
  const edge = box.getBoundingClientRect().top;
  for (const turn of box.querySelectorAll<HTMLElement>('.turn')) {
    const rect = turn.getBoundingClientRect();
    if (rect.bottom > edge + 1) return { turn, top: rect.top - edge };
  }
  return null;
}

/** Scrolls until the turn is where it was. */
export function hold(box: HTMLElement, { turn, top }: Anchor): void {
  if (!turn.isConnected) return;
  const now = turn.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (Math.abs(now - top) >= 0.5) box.scrollTop += now - top;
}

/** Waits until what was put in the document has its size; at once where nothing is drawn. */
export function drawn(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => requestAnimationFrame(() => done()));
}
