import { connectEvents, type Events, type Presence, type State } from '../api/events';
import type { Event } from '../fold/event';

const statusKey = (topic: string, session: string | null) => `${topic} ${session ?? ''}`;

/** What the stream brings. Parts of the page subscribe; nothing is polled. */
export class Connection {
  state = $state<State>('starting');
  /** When a lost connection is tried again, by the machine's clock; 0 = nobody knows. */
  next = $state(0);
  /** Status documents by topic and session: what is true now and no history. */
  status = $state.raw<ReadonlyMap<string, unknown>>(new Map());
  readonly #batch = new Set<(batch: Event[]) => void>();
  readonly #reset = new Set<() => void>();
  readonly #topics = new Set<(topic: string) => void>();
  #events: Events | null = null;
  /** Sessions that were opened before the stream was: a snapshot may come before the list. */
  readonly #early = new Map<string, number>();

  /** Begins to listen; `after` is what the loaded list covers. */
  start(after?: number): void {
    this.#events ??= connectEvents({
      ...(after !== undefined && { after }),
      onEvents: (batch) => {
        for (const f of this.#batch) f(batch);
      },
      onStatus: (topic, session, doc) => this.#put(topic, session, doc),
      onState: (state) => {
        this.state = state;
      },
      onRetry: (at) => {
        this.next = at;
      },
      onReset: () => {
        for (const f of this.#reset) f();
      },
    });
    for (const [session, seq] of this.#early) this.#events.open(session, seq);
    this.#early.clear();
  }

  open(session: string, seq: number): void {
    if (this.#events) this.#events.open(session, seq);
    else this.#early.set(session, seq);
  }

  close(session: string): void {
    this.#early.delete(session);
    this.#events?.close(session);
  }

  /** Tries to connect at once. */
  hurry(): void {
    this.#events?.hurry();
  }

  /** Whether this tab owns the stream, and what a person can see of this browser. */
  presence(): Presence & { owner: boolean } {
    return this.#events?.presence() ?? { owner: false, visible: !document.hidden };
  }

  stop(): void {
    this.#events?.stop();
    this.#events = null;
  }

  onEvents(f: (batch: Event[]) => void): () => void {
    this.#batch.add(f);
    return () => this.#batch.delete(f);
  }

  onReset(f: () => void): () => void {
    this.#reset.add(f);
    return () => this.#reset.delete(f);
  }

  /** Calls f with the topic of every status document that comes. */
  onTopic(f: (topic: string) => void): () => void {
    this.#topics.add(f);
    return () => this.#topics.delete(f);
  }

  statusOf(topic: string, session: string | null = null): unknown {
    return this.status.get(statusKey(topic, session));
  }

  #put(topic: string, session: string | null, doc: unknown): void {
    const next = new Map(this.status);
    if (doc === null || doc === undefined) next.delete(statusKey(topic, session));
    else next.set(statusKey(topic, session), doc);
    this.status = next;
    for (const f of this.#topics) f(topic);
  }
}
