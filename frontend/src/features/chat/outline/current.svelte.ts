/** How far down the log, in percent, the line is on which the current turn stands: just below where one is brought to. */
const line = 36;

/** Which turn is being read: the one on a line in the upper third of the log. */
export class Current {
  turn = $state<string>();
  readonly #log: HTMLElement;
  readonly #cross: IntersectionObserver;
  readonly #grow: MutationObserver;
  readonly #seen = new Set<Element>();
  #off: () => void;
  #chosen = false;

  constructor(log: HTMLElement) {
    this.#log = log;
    this.#cross = new IntersectionObserver((all) => this.#crossed(all), {
      root: log,
      rootMargin: `-${line}% 0px -${100 - line}% 0px`,
    });
    this.#grow = new MutationObserver(() => this.#observe());
    if (log.firstElementChild) this.#grow.observe(log.firstElementChild, { childList: true }); // the turns are in it
    const leave = () => {
      this.#chosen = false;
    };
    const kinds = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
    for (const kind of kinds) log.addEventListener(kind, leave, { passive: true });
    this.#off = () => {
      for (const kind of kinds) log.removeEventListener(kind, leave);
    };
    this.#observe();
  }

  /** It was gone to, and stays the current one until the reader scrolls, even where it cannot reach the line. */
  choose(turn: string): void {
    this.turn = turn;
    this.#chosen = true;
  }

  stop(): void {
    this.#cross.disconnect();
    this.#grow.disconnect();
    this.#off();
  }

  #observe(): void {
    const now = new Set(this.#log.querySelectorAll('[data-turn]'));
    for (const el of this.#seen) {
      if (now.has(el)) continue;
      this.#cross.unobserve(el);
      this.#seen.delete(el);
    }
    for (const el of now) {
      if (this.#seen.has(el)) continue;
      this.#cross.observe(el);
      this.#seen.add(el);
    }
  }

  #crossed(all: readonly IntersectionObserverEntry[]): void {
    if (this.#chosen) return;
    const on = all.findLast((x) => x.isIntersecting)?.target;
    if (on instanceof HTMLElement) this.turn = on.dataset.turn;
  }
}
