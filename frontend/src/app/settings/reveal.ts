/** How long a section may take to be drawn. */
const patienceMs = 3000;

/** Brings the setting with that name on the screen into view, and to it the focus, as soon as it is there. */
export function reveal(name: string): void {
  const until = performance.now() + patienceMs;
  const look = () => {
    const all = document.querySelectorAll<HTMLElement>('.doc :is(h2, h3, b, legend, label, button)');
    const found = [...all].find((el) => el.textContent?.trim() === name);
    if (found) {
      found.scrollIntoView({ block: 'center' });
      focusIn(found);
    } else if (performance.now() < until) {
      requestAnimationFrame(look);
    }
  };
  look();
}

/** A button takes it itself; else what belongs to the name does. */
function focusIn(found: HTMLElement): void {
  const field = 'button[aria-pressed="true"], [role="switch"], select, input, textarea, button, a[href]';
  const near = found.matches('button, select, input, textarea, a[href]')
    ? found
    : inOrder(found.closest('.set, .sec, .item'), field);
  near?.focus({ preventScroll: true });
}

/** The first that any of the selectors finds, the earlier selector first. */
function inOrder(within: Element | null | undefined, selectors: string): HTMLElement | null {
  for (const one of selectors.split(', ')) {
    const found = within?.querySelector<HTMLElement>(one);
    if (found) return found;
  }
  return null;
}
