import { type ApiError, api, type Health } from '../api/client';
import { toApiError } from './problem';

/** Milliseconds. A server that hangs does not even say so. */
const patience = 15_000;

/** How the parts of the program are. It asks only once somebody has looked. */
export class HealthStore {
  report = $state.raw<Health | null>(null);
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  #wanted = false;
  /** Something changed while it was asked: what comes may be of before. */
  #stale = false;

  async load(): Promise<void> {
    this.#wanted = true;
    if (this.busy) return;
    this.busy = true;
    try {
      this.report = await api.system.health(AbortSignal.timeout(patience));
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.busy = false;
    }
    if (this.#stale) {
      this.#stale = false;
      this.changed();
    }
  }

  /** The server says that something is otherwise than before. */
  changed(): void {
    if (this.busy) this.#stale = true;
    else if (this.#wanted) void this.load();
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#wanted = false;
  }
}
