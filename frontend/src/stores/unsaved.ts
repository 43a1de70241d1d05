/** A text that was typed and that the server does not have. */
export interface Unsaved {
  text: string;
  /** What the server had when it was typed. */
  base: string;
}

const key = (session: string) => `unsaved:${session}`;

/** What was typed for a session when the server was away, or the page closed before it was saved. */
export function loadUnsaved(session: string): Unsaved | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(session)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { text, base } = kept as Partial<Unsaved>;
    return typeof text === 'string' && typeof base === 'string' ? { text, base } : null;
  } catch {
    return null; // storage is off, or its content is not ours
  }
}

/** null: the server has it. */
export function keepUnsaved(session: string, text: Unsaved | null): void {
  try {
    if (text === null) localStorage.removeItem(key(session));
    else localStorage.setItem(key(session), JSON.stringify(text));
  } catch {
    // storage is off or full: the text is still in the composer
  }
}
