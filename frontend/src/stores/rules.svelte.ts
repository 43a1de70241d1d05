import { ApiError, api, type Rule } from '../api/client';
import { toApiError } from './problem';

/** What agents may do without asking again. */
export class RulesStore {
  items = $state.raw<readonly Rule[]>([]);
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);

  async load(): Promise<void> {
    try {
      this.items = (await api.rules.list()).items;
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.loading = false;
    }
  }

  /** One that is gone already is as good as removed. */
  async remove(id: string): Promise<void> {
    try {
      await api.rules.remove(id);
    } catch (err) {
      if (!(err instanceof ApiError) || err.status !== 404) throw err;
    }
    this.items = this.items.filter((r) => r.id !== id);
  }
}
