import { type ApiError, type Autostart, api } from '../api/client';
import { toApiError } from './problem';

/** Whether the program starts at login. The desktop's own settings can change that too, without a word. */
export class AutostartStore {
  now = $state.raw<Autostart | null>(null);
  busy = $state(false);
  /** What went wrong when it was last asked for or changed. */
  error = $state.raw<ApiError | null>(null);
  #wanted = false;

  async load(): Promise<void> {
    this.#wanted = true;
    if (!this.busy) await this.#ask(() => api.system.autostart());
  }

  /** Returns whether it was done. */
  async set(on: boolean): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const done = await this.#ask(() => api.system.setAutostart(on));
    this.busy = false;
    return done;
  }

  /** The server says that somebody changed it. */
  changed(): void {
    if (this.#wanted) void this.load();
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#wanted = false;
  }

  async #ask(what: () => Promise<Autostart>): Promise<boolean> {
    try {
      this.now = await what();
      this.error = null;
      return true;
    } catch (err) {
      this.error = toApiError(err);
      return false;
    }
  }
}
