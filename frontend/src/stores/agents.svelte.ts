import { type Agent, type ApiError, api, type Model, type Provider } from '../api/client';
import { toApiError } from './problem';

/** The agents of this server and their models. */
export class AgentsStore {
  items = $state.raw<readonly Agent[]>([]);
  models = $state.raw<readonly Model[]>([]);
  default = $state('');
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);

  async load(): Promise<void> {
    try {
      const answer = await api.agents();
      this.items = answer.items;
      this.default = answer.default ?? answer.items.find((a) => a.ready)?.id ?? '';
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.loading = false;
    }
  }

  async loadModels(): Promise<void> {
    try {
      this.models = (await api.models()).items;
    } catch (err) {
      this.error = toApiError(err);
    }
  }

  find(id: string): Agent | undefined {
    return this.items.find((a) => a.id === id);
  }
}

/** The providers of models. Keys only ever go to the server. */
export class ProvidersStore {
  items = $state.raw<readonly Provider[]>([]);
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);

  constructor(private readonly agents: AgentsStore) {}

  async load(): Promise<void> {
    try {
      this.items = (await api.providers.list()).items;
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.loading = false;
    }
  }

  async put(id: string, change: { base_url?: string; key?: string }): Promise<void> {
    await api.providers.put(id, change);
    await this.#fresh();
  }

  async remove(id: string): Promise<void> {
    await api.providers.remove(id);
    await this.#fresh();
  }

  async #fresh(): Promise<void> {
    await Promise.all([this.load(), this.agents.load(), this.agents.loadModels()]);
  }
}
