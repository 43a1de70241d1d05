const name = 'hermes.later';

/** As many as are remembered: asks do not wait forever. */
const most = 50;

/** The person put this ask aside in this tab, without an answer. */
export function isLater(ask: string): boolean {
  return all().includes(ask);
}

/** Remembers it until the tab is closed. */
export function setLater(ask: string, later: boolean): void {
  const rest = all().filter((x) => x !== ask);
  try {
    sessionStorage.setItem(name, JSON.stringify(later ? [...rest, ask].slice(-most) : rest));
  } catch {
    // Storage is full or forbidden: it is aside until the page is loaded anew.
  }
}

function all(): string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(stored) ? stored.filter((x) => typeof x === 'string') : [];
  } catch {
    return [];
  }
}
