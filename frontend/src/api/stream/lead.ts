import type { Env, Locks } from './env';

const name = 'events';

/**
 * Who owns the stream: the tab that holds a Web Lock. Its end hands the lock to
 * the next in line; a tab that hears nothing from a holder may steal it.
 */
export class Lead {
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;
  #wanted = false;

  constructor(
    private readonly locks: Locks,
    private readonly env: Env,
    private readonly won: () => void,
    private readonly lost: () => void,
  ) {}

  enter(): void {
    this.#wanted = true;
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#request({ signal: waiting.signal }, () => this.#waiting === waiting);
  }

  steal(): void {
    if (this.#release) return;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#request({ steal: true }, () => this.#wanted);
  }

  leave(): void {
    this.#wanted = false;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#end();
  }

  #request(options: { signal?: AbortSignal; steal?: boolean }, still: () => boolean): void {
    let mine: (() => void) | null = null;
    const held = () =>
      new Promise<void>((resolve) => {
        if (!still() || this.#release) return resolve();
        mine = resolve;
        this.#release = resolve;
        this.won();
      });
    this.locks.request(name, options, held).catch(() => {
      if (!mine || this.#release !== mine) return; // waited, and gave up by itself
      this.#end(); // stolen
      this.#again();
    });
  }

  #end(): void {
    const release = this.#release;
    this.#release = null;
    if (!release) return;
    this.lost();
    release();
  }

  #again(): void {
    this.env.clock.set(() => {
      if (this.#wanted && !this.#release) this.enter();
    }, 0);
  }

  /** Another tab leads by a later term: let go and stand in line. */
  yield(): void {
    this.#end();
    this.#again();
  }
}
