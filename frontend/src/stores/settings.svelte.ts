import { type ApiError, api, type FoundProvider, type ModelSetting, type Settings, type SettingsPatch } from '../api/client';
import { toApiError } from './problem';

/** What a person set for the whole server. */
export class SettingsStore {
  all = $state.raw<Settings | null>(null);
  error = $state.raw<ApiError | null>(null);

  async load(): Promise<void> {
    try {
      this.all = await api.settings.get();
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    }
  }

  model(id: string): ModelSetting | undefined {
    return this.all?.models?.[id];
  }

  /** Replaces what was set for a model; null: nothing is. */
  async setModel(id: string, setting: ModelSetting | null): Promise<void> {
    this.all = await api.settings.patch({ models: { [id]: setting } });
  }

  async setAgent(id: string): Promise<void> {
    await this.patch({ default_agent: id });
  }

  /** Changes what is given. */
  async patch(change: SettingsPatch): Promise<void> {
    this.all = await api.settings.patch(change);
  }
}

/** Model servers that answer on this machine. They are asked only when `look` is called. */
export class FoundStore {
  items = $state.raw<readonly FoundProvider[]>([]);
  looking = $state(false);
  /** It was looked at least once. */
  known = $state(false);
  error = $state.raw<ApiError | null>(null);

  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      this.items = (await api.providers.found()).items;
      this.known = true;
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.looking = false;
    }
  }
}
