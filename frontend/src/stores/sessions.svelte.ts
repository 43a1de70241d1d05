import { type ApiError, api, type NewSession, type SessionPatch } from '../api/client';
import { newId } from '../api/id';
import type { Event } from '../fold/event';
import { applyToList, type SessionList } from '../fold/fold';
import type { Ask, Session } from '../fold/types';
import type { Connection } from './connection.svelte';
import { toApiError } from './problem';

/** How many sessions a page has, and how many the server sends at once. */
const pageSize = 100;
const mostAtOnce = 500;

/** The list of sessions, and what waits for the person anywhere. */
export class SessionsStore {
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);
  asks = $state.raw<readonly Ask[]>([]);
  #list = $state.raw<SessionList>({ seq: 0, items: [] });
  #next = $state.raw<string | null>(null);
  #asksSeq = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  readonly rows: readonly Session[] = $derived(
    this.#list.items
      .filter((s) => s.trashed_at === null && !s.archived)
      .toSorted((a, b) => (a.updated_at < b.updated_at ? 1 : -1)),
  );
  /** How many of those that are loaded have a turn that runs or waits. */
  readonly live: number = $derived(this.#list.items.filter((s) => s.live !== null).length);
  readonly more: boolean = $derived(this.#next !== null);

  constructor(connection: Connection) {
    connection.onEvents((batch) => this.#take(batch));
    connection.onReset(() => void this.load());
  }

  /** Loads as many of the newest sessions as are there, and the open asks; returns the seq that both cover. */
  async load(): Promise<number | undefined> {
    const limit = Math.min(mostAtOnce, Math.max(pageSize, this.#list.items.length));
    try {
      const [page, asks] = await Promise.all([api.sessions.list({ limit }), api.asks.list()]);
      const seq = Math.min(page.seq, asks.seq);
      this.#list = { seq: page.seq, items: page.items };
      this.#next = page.next;
      this.asks = asks.items;
      this.#asksSeq = asks.seq;
      this.error = null;
      return seq;
    } catch (err) {
      this.error = toApiError(err);
      return undefined;
    } finally {
      this.loading = false;
    }
  }

  /** '' = it has none, or is not in the pages that are loaded. */
  titleOf(id: string): string {
    return this.#list.items.find((s) => s.id === id)?.title ?? '';
  }

  async loadMore(): Promise<void> {
    if (this.#next === null) return;
    try {
      const page = await api.sessions.list({ cursor: this.#next });
      const fresh = page.items.filter((s) => !this.#list.items.some((old) => old.id === s.id));
      this.#list = { seq: this.#list.seq, items: [...this.#list.items, ...fresh] };
      this.#next = page.next;
    } catch (err) {
      this.error = toApiError(err);
    }
  }

  async create(options: Omit<NewSession, 'id'>): Promise<string> {
    const { session } = await api.sessions.create({ id: newId('ses_'), ...options });
    return session.id;
  }

  async patch(id: string, patch: SessionPatch): Promise<void> {
    await api.sessions.patch(id, patch);
  }

  async remove(id: string): Promise<void> {
    await api.sessions.remove(id);
  }

  async restore(id: string): Promise<void> {
    await api.sessions.restore(id);
    void this.load(); // its row may not be in the pages that are loaded
  }

  #take(batch: Event[]): void {
    const list: SessionList = { ...this.#list };
    let unknown = false;
    for (const e of batch) {
      if (e.seq > list.seq && e.kind !== 'session_created' && !list.items.some((s) => s.id === e.session)) unknown = true;
      applyToList(list, e);
      this.#takeAsk(e);
    }
    this.#list = list;
    if (unknown) this.reload();
  }

  #takeAsk(e: Event): void {
    if (e.seq <= this.#asksSeq) return;
    if (e.kind === 'ask_raised') {
      this.asks = [...this.asks, { ...e.body.ask, session: e.session, turn: e.turn ?? '', raised_at: e.at }];
    } else if (e.kind === 'ask_closed') {
      this.asks = this.asks.filter((a) => a.id !== e.body.ask);
    } else if (e.kind === 'turn_ended') {
      this.asks = this.asks.filter((a) => a.turn !== e.turn);
    } else if (e.kind === 'session_purged') {
      this.asks = this.asks.filter((a) => a.session !== e.session);
    } else {
      return;
    }
    this.#asksSeq = e.seq;
  }

  /** A session that is not in the loaded pages came to life: load the list anew once things are calm. */
  /** Loads the list anew, once for several reasons in a row. */
  reload(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.load(), 150);
  }
}
