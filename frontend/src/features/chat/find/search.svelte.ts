import type { Hit } from '../../../api/client';
import type { Transcript } from '../../../stores/transcript.svelte';

const restMs = 120;
const slowMs = 200;
/** How soon it asks again when the session has grown; more for a session that takes long. */
const againMs = 1000;

/** What is looked for in a session, what was found, and which of it was gone to. */
export class Search {
  hits = $state.raw<readonly Hit[]>([]);
  /** There are more than were counted. */
  more = $state(false);
  /** The words that `hits` are of; '' = nothing was asked yet. */
  words = $state('');
  /** The hit that was gone to, or would be; -1 = none. */
  at = $state(-1);
  /** It takes longer than a moment. */
  slow = $state(false);
  /** What went wrong, for people. */
  error = $state('');
  readonly current: Hit | undefined = $derived(this.hits[this.at]);

  readonly #session: Pick<Transcript, 'find'>;
  readonly #first: (hits: readonly Hit[]) => number;
  #wish = '';
  #seq = 0;
  #took = 0;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** `first` says which hit of new words is the one to go to. */
  constructor(session: Pick<Transcript, 'find'>, first: (hits: readonly Hit[]) => number) {
    this.#session = session;
    this.#first = first;
  }

  /** New words: asks when they have rested for a moment. */
  ask(words: string, now = false): void {
    if (words === this.#wish && this.error === '') return;
    this.stop();
    this.#wish = words;
    if (words.trim() === '') this.#take('', [], false);
    else this.#timer = setTimeout(() => void this.#look(), now ? 0 : restMs);
  }

  retry(): void {
    this.stop();
    void this.#look();
  }

  /** The session covers this seq now. Asks again, quietly. */
  grew(seq: number): void {
    if (this.words === '' || seq <= this.#seq || this.#again !== undefined || this.error !== '') return;
    this.#again = setTimeout(
      () => {
        this.#again = undefined;
        if (this.#abort === undefined && this.words === this.#wish) void this.#look();
      },
      Math.max(againMs, 8 * this.#took),
    );
  }

  step(by: 1 | -1): void {
    const n = this.hits.length;
    if (n > 0) this.at = (this.at + by + n) % n;
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#slow);
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
    this.slow = false;
  }

  async #look(): Promise<void> {
    const abort = new AbortController();
    const begun = performance.now();
    this.#abort = abort;
    this.error = '';
    const quiet = this.#wish === this.words;
    this.#slow = setTimeout(() => {
      this.slow = !quiet;
    }, slowMs);
    try {
      const found = await this.#session.find(this.#wish, abort.signal);
      if (abort.signal.aborted) return;
      this.#seq = found.seq;
      this.#took = performance.now() - begun;
      this.#take(this.#wish, found.items, found.more);
    } catch (err) {
      if (abort.signal.aborted) return;
      this.error = err instanceof Error ? err.message : String(err);
      if (!quiet) this.#take('', [], false);
    }
    clearTimeout(this.#slow);
    this.slow = false;
    this.#abort = undefined;
  }

  /** Whoever stood at a hit stays there. */
  #take(words: string, hits: readonly Hit[], more: boolean): void {
    const before = this.current;
    const same = before ? hits.findIndex((h) => place(h) === place(before)) : -1;
    this.hits = hits;
    this.more = more;
    if (same >= 0) this.at = same;
    else if (words === this.words && before) this.at = Math.min(this.at, hits.length - 1);
    else this.at = hits.length === 0 ? -1 : this.#first(hits);
    this.words = words;
  }
}

/** Names a hit across answers. */
export function place(h: Hit): string {
  return `${h.turn} ${h.part} ${h.in} ${h.at}`;
}
