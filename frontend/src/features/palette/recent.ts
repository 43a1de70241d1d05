const name = 'hermes.recent';

/** How many choices are remembered. */
const most = 20;

/** Keys of what was chosen last on this device, the newest first. */
export function recent(): string[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(all) ? all.filter((x) => typeof x === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function remember(key: string): void {
  try {
    localStorage.setItem(name, JSON.stringify([key, ...recent().filter((x) => x !== key)].slice(0, most)));
  } catch {
    // Storage is full or forbidden: the order stays as it is.
  }
}
