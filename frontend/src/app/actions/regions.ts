/** The regions of the page in the order in which F6 goes through them, by what takes the focus in each. */
const regions = [
  '.index a[aria-current], .tabbar a[aria-current]',
  'nav [data-row][tabindex="0"]',
  '[role="log"]',
  '.askc',
  '[data-composer]',
];

/** Takes the focus to the next region that is there, or to the one before. */
export function nextRegion(by: 1 | -1): void {
  const there = regions.flatMap((region) => {
    const found = document.querySelector<HTMLElement>(region);
    return found?.checkVisibility() ? [found] : [];
  });
  const now = there.findIndex((el) => whole(el).contains(document.activeElement));
  const start = now < 0 && by < 0 ? 0 : now;
  there.at((start + by) % there.length)?.focus();
}

/** What belongs to the region of an element. */
function whole(el: HTMLElement): Element {
  return el.closest('nav, .cmp') ?? el;
}
