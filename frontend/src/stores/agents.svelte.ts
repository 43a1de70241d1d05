import {
  type Agent,
  type ApiError,
  api,
  type ListedModel,
  type ModelProblem,
  type Provider,
  type ProviderChange,
  type Settings,
} from '../api/client';
import { removal, toApiError } from './problem';

/** The agents of this server and their models. */
export class AgentsStore {
  items = $state.raw<readonly Agent[]>([]);
  models = $state.raw<readonly ListedModel[]>([]);
  /** Providers whose models could not be listed. */
  problems = $state.raw<readonly ModelProblem[]>([]);
  /** The list of models has come at least once: what is not in it is not offered. */
  listed = $state(false);
  default = $state('');
  /** What a person set for new sessions; '' = the agent's own. */
  defaultModel = $state('');
  defaultEffort = $state('');
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);

  async load(): Promise<void> {
    try {
      const answer = await api.agents();
      this.items = answer.items;
      this.default = answer.default;
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.loading = false;
    }
  }

  /** Has the server look for agents again. */
  async refresh(): Promise<void> {
    const answer = await api.refreshAgents();
    this.items = answer.items;
    this.default = answer.default;
  }

  async loadModels(): Promise<void> {
    try {
      const answer = await api.models();
      this.models = answer.items;
      this.problems = answer.problems;
      this.listed = true;
    } catch (err) {
      this.error = toApiError(err);
    }
  }

  async loadDefaults(): Promise<void> {
    try {
      this.#takeDefaults(await api.settings.get());
    } catch {
      // They stay as they are: what does not answer is said by those who must know.
    }
  }

  /** Makes a model, with its effort, the one of new sessions. */
  async makeDefault(model: string, effort: string): Promise<void> {
    this.#takeDefaults(await api.settings.patch({ default_model: model, default_effort: effort }));
  }

  #takeDefaults(s: Settings): void {
    this.defaultModel = s.default_model;
    this.defaultEffort = s.default_effort;
  }

  find(id: string): Agent | undefined {
    return this.items.find((a) => a.id === id);
  }

  /** The models that an agent can use. */
  modelsOf(agent: string): readonly ListedModel[] {
    return this.models.filter((m) => m.agent === agent);
  }

  /** The model of sessions without one, where their agent uses what a person set; '' = the agent decides. */
  presetOf(agent: string): string {
    if (!this.find(agent)?.can.preset) return '';
    return this.modelsOf(agent).some((m) => m.id === this.defaultModel) ? this.defaultModel : '';
  }

  /** Levels of effort of the model that the next prompt of such a session goes to. */
  effortsOf({ agent, model }: { agent: string; model: string }): readonly string[] {
    const id = model || this.presetOf(agent);
    if (id === '') return this.find(agent)?.can.efforts ?? [];
    return this.modelsOf(agent).find((m) => m.id === id)?.efforts ?? [];
  }

  /** The effort that goes on to hold with another model: '' where that does not have it. */
  effortFor({ agent, effort }: { agent: string; effort: string }, model: string): string {
    return this.effortsOf({ agent, model }).includes(effort) ? effort : '';
  }

  /** The name of a model for people; one that is not in the list is named by its id. */
  modelName(id: string): string {
    return this.models.find((m) => m.id === id)?.name ?? id;
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

  async put(id: string, change: ProviderChange): Promise<void> {
    await api.providers.put(id, change);
    await this.#fresh();
  }

  async remove(id: string): Promise<void> {
    await removal(api.providers.remove(id));
    await this.#fresh();
  }

  async #fresh(): Promise<void> {
    await Promise.all([this.load(), this.agents.load(), this.agents.loadModels()]);
  }
}
