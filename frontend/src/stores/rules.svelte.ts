import { type ApiError, api, type Rule } from '../api/client';
import { removal, toApiError } from './problem';

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

  async remove(id: string): Promise<void> {
    await removal(api.rules.remove(id));
    this.items = this.items.filter((r) => r.id !== id);
  }
}
