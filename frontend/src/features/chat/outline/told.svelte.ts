import type { Transcript } from '../../../stores/transcript.svelte';
import type { Entry } from './entries';

const slowMs = 200;

/** What the server tells of the turns that are not loaded. */
export class Told {
  entries = $state.raw<readonly Entry[] | null>(null);
  slow = $state(false);
  /** What went wrong, for people. */
  error = $state('');
  readonly #session: Pick<Transcript, 'outline'>;
  #abort: AbortController | undefined;

  constructor(session: Pick<Transcript, 'outline'>) {
    this.#session = session;
  }

  async load(): Promise<void> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.error = '';
    const timer = setTimeout(() => {
      this.slow = !abort.signal.aborted;
    }, slowMs);
    try {
      const { items } = await this.#session.outline(abort.signal);
      if (!abort.signal.aborted) this.entries = items;
    } catch (err) {
      if (!abort.signal.aborted) this.error = err instanceof Error ? err.message : String(err);
    }
    clearTimeout(timer);
    if (this.#abort === abort) this.slow = false;
  }

  stop(): void {
    this.#abort?.abort();
    this.slow = false;
  }
}
