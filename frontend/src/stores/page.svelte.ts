import { getContext, setContext } from 'svelte';
import { createRouter, type Route } from '../app/router.svelte';
import { AgentsStore, ProvidersStore } from './agents.svelte';
import { Connection } from './connection.svelte';
import { SessionsStore } from './sessions.svelte';
import { Transcript } from './transcript.svelte';

export interface Toast {
  id: number;
  text: string;
  action: { label: string; run: () => void } | null;
}

/** How long a toast stays. */
const toastMs = 8000;

/** Everything that the components of the page share. */
export class PageState {
  readonly connection_ = new Connection();
  readonly sessions = new SessionsStore(this.connection_);
  readonly agents = new AgentsStore();
  readonly providers = new ProvidersStore(this.agents);
  readonly router = createRouter();
  current = $state.raw<Transcript | null>(null);
  toasts = $state.raw<readonly Toast[]>([]);
  /** For screen readers: said politely when it changes. */
  spoken = $state('');
  version = $state('');
  now = $state.raw(new Date());
  #toast = 0;

  get connection() {
    return this.connection_.state;
  }

  /** How many parts of the server are not well. That no agent is there is said where one is chosen. */
  get unwell(): number {
    const doc = this.connection_.statusOf('health') as { checks?: Record<string, { status: string }> } | undefined;
    const bad = ([name, c]: [string, { status: string }]) => name !== 'agent' && c.status !== 'ok' && c.status !== 'missing';
    return Object.entries(doc?.checks ?? {}).filter(bad).length;
  }

  get route(): Route {
    return this.router.route;
  }

  go(path: string): void {
    this.router.go(path);
  }

  /** Loads what every screen needs and begins to listen. */
  async start(): Promise<void> {
    this.#loadAgents();
    this.connection_.onTopic((topic) => {
      if (topic === 'elsewhere') this.#readAgain();
      if (topic !== 'agents') return; // keys, addresses or lists of models changed
      this.#loadAgents();
      void this.providers.load();
    });
    const idle = window.requestIdleCallback ?? setTimeout; // one browser has none
    idle(() => void this.providers.load()); // no session needs them to be shown
    this.#readVersion();
    this.connection_.start(await this.sessions.load());
  }

  /** Opens a session, or none. */
  open(id: string | null): void {
    if (this.current?.id === id) return;
    this.current?.close();
    this.current = id === null ? null : outlive(() => new Transcript(id, this.connection_));
  }

  /** Loads and saves what could not be while the server was away. */
  async recover(): Promise<void> {
    if (this.agents.error) this.#loadAgents();
    if (this.sessions.error) await this.sessions.load();
    if (this.current?.error && !this.current.gone) await this.current.load();
    this.current?.draft.flush();
  }

  /** Another program of the agent has changed sessions: what is shown of them is old. */
  #readAgain(): void {
    const doc = this.connection_.statusOf('elsewhere') as { sessions?: readonly string[]; many?: boolean } | undefined;
    this.sessions.reload();
    const open = this.current;
    if (open && !open.live && (doc?.many || doc?.sessions?.includes(open.id))) void open.load();
  }

  announce(text: string): void {
    this.spoken = text;
  }

  toast(text: string, action: Toast['action'] = null): void {
    this.#toast += 1;
    const toast: Toast = { id: this.#toast, text, action };
    this.toasts = [...this.toasts, toast];
    setTimeout(() => this.dismiss(toast.id), toastMs);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((x) => x.id !== id);
  }

  #loadAgents(): void {
    void this.agents.load().then(() => Promise.all([this.agents.loadModels(), this.agents.loadDefaults()]));
  }

  #readVersion(): void {
    const meta = document.querySelector<HTMLMetaElement>('meta[name="version"]');
    this.version = meta?.content ?? '';
  }
}

/** Makes what goes on when the component that asked for it is drawn anew: what is derived in it would stand still. */
function outlive<T>(make: () => T): T {
  let made: T | undefined;
  $effect.root(() => {
    made = make();
  });
  return made as T;
}

const key = Symbol('page');

export function setPage(page: PageState): PageState {
  return setContext(key, page);
}

export function getPage(): PageState {
  return getContext<PageState>(key);
}
