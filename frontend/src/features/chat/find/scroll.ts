/** The log that an element of the open session belongs to, or that is beside it. */
export function logOf(el: Element): HTMLElement | null {
  return el.closest('.chat')?.querySelector<HTMLElement>('[role="log"]') ?? null;
}

/** Brings what is found to the upper third of the log, and into view in boxes that scroll by themselves. */
export function bring(found: Range | Element, log: HTMLElement): void {
  const start = found instanceof Range ? found.startContainer.parentElement : found.parentElement;
  for (let box = start; box && box !== log; box = box.parentElement) {
    if (scrolls(box)) nudge(found, box);
  }
  const view = log.getBoundingClientRect();
  log.scrollTop += found.getBoundingClientRect().top - view.top - view.height / 3;
}

function scrolls(box: HTMLElement): boolean {
  return box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
}

/** Only as far as it must. */
function nudge(found: Range | Element, box: HTMLElement): void {
  const at = found.getBoundingClientRect();
  const view = box.getBoundingClientRect();
  if (at.top < view.top || at.bottom > view.bottom) box.scrollTop += at.top - view.top - view.height / 3;
  if (at.left < view.left || at.right > view.right) box.scrollLeft += at.left - view.left - view.width / 3;
}

/** The first turn that is in view. */
export function turnInView(log: HTMLElement): string | undefined {
  const top = log.getBoundingClientRect().top + 8;
  const turns = [...log.querySelectorAll<HTMLElement>('[data-turn]')];
  return turns.find((x) => x.getBoundingClientRect().bottom > top)?.dataset.turn;
}
