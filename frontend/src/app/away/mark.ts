/** What the mark in the tab says; the first that is true counts. */
export type MarkState = 'needs' | 'stopped' | 'degraded' | 'working' | 'ready';

const folded = 'M0 1H8V6H13L15 8V15H12V9H8V15H5V9L2 6H5V4H3Z';
const drawings: Record<MarkState, string> = {
  needs: 'M0 0H16V16H0ZM2 3V3L4 5H6V7H3L5 9H6V13H8V9H11V13H13V9L11 7H8V3Z',
  stopped: `${folded}M2.4 2L3.4 3H6V7H4.4L6 8.6V14H7V8H13V14H14V8.4L12.6 7H7V2Z`,
  degraded: 'M5 1H8V6H13L15 8V10H12V9H8V15H5ZM12 12H15V15H12Z',
  working: 'M0 1H16L13 4H8V6H13L15 8V15H12V9H8V15H5V9L2 6H5V4H3Z',
  ready: folded,
};
const ink = ['#221d19', '#e9e6e1'] as const; // --ink on a light and on a dark strip of tabs
const rubric = ['#cf300c', '#ff8350'] as const;

export function markState(now: { asks: number; connection: string; working: boolean }): MarkState {
  if (now.asks > 0) return 'needs';
  if (now.connection === 'lost') return 'stopped';
  if (now.connection === 'newer') return 'degraded';
  return now.working ? 'working' : 'ready';
}

/** Puts the drawing of a state into the tab. It is no file: the server may be away. */
export function drawMark(state: MarkState): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  link.type = 'image/svg+xml';
  link.href = `data:image/svg+xml,${encodeURIComponent(picture(state))}`;
  link.dataset.state = state;
}

/** The number of asks that wait, on the icon of the installed page. */
export function drawBadge(n: number): void {
  const done = n > 0 ? navigator.setAppBadge?.(n) : navigator.clearAppBadge?.();
  done?.catch(() => undefined); // not installed
}

function picture(state: MarkState): string {
  const [light, dark] = state === 'needs' ? rubric : ink;
  const style = `<style>path{fill:${light}}@media(prefers-color-scheme:dark){path{fill:${dark}}}</style>`;
  const path = `<path fill-rule="evenodd" d="${drawings[state]}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" shape-rendering="crispEdges">${style}${path}</svg>`;
}
