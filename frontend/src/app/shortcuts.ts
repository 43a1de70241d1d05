/** Keys that work everywhere outside of text fields, without a modifier. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Listens until the returned function is called. */
export function listen(shortcuts: Shortcuts): () => void {
  const press = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || e.repeat || e.ctrlKey || e.metaKey || e.altKey) return;
    if (typing(e.target) || document.querySelector('dialog[open], [popover]:popover-open')) return;
    const run = shortcuts[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (!run) return;
    e.preventDefault();
    run();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
