import { type Event, isHeadline, isKind } from '../../fold/event';
import { type Hello, type Origin, stale } from './hello';
import { type Cursors, headlines, type Message, type Status, type Trouble } from './wire';

export type State = 'live' | 'lost' | 'starting' | 'newer';

/** What a page hears. */
export interface Listener {
  onEvents(batch: Event[]): void;
  onStatus(topic: string, session: string | null, doc: unknown): void;
  onState(state: State): void;
  /** When a lost connection is tried again, by the machine's clock. */
  onRetry?(at: number): void;
  /** Nothing that was loaded can be trusted: load lists and snapshots anew, and open sessions again. */
  onReset(): void;
}

type Cover = Extract<Message, { t: 'cover' }>;
type Frame = Extract<Message, { t: 'frame' }>;

/**
 * One tab's view of the stream: how far it is, and what of the leader's frames
 * is for it. While anything it has open may have a gap it is paused and takes
 * nothing, so that what it hands on is always whole and in order.
 */
export class Tab {
  /** Everything up to here was handed on, or was in what the page loaded. */
  #cursors = new Map<string, number | null>();
  #paused = true;
  #gen: string | null = null;
  #next = 0;
  #covered = new Set<string>();
  #at = 0;
  #origin: Origin | null = null;
  #state: State | null = null;

  constructor(
    readonly id: string,
    after: number | null,
    private readonly listener: Listener,
    private readonly post: (m: Message) => void,
    private readonly reloadFor: (version: string) => boolean,
  ) {
    this.#cursors.set(headlines, after);
  }

  open(session: string, seq: number): void {
    const going = !this.#paused && this.#covered.has(session) && seq >= this.#at;
    this.#cursors.set(session, seq);
    if (!going) this.#paused = true;
    this.announce();
  }

  close(session: string): void {
    if (this.#cursors.delete(session)) this.announce();
  }

  announce(): void {
    const cursors: Cursors = Object.fromEntries(this.#cursors);
    this.post({ t: 'announce', tab: this.id, gen: this.#gen, cursors, paused: this.#paused });
  }

  /** After a sleep nobody knows what was missed. */
  lose(): void {
    this.#paused = true;
    this.#gen = null;
    this.announce();
  }

  cover(m: Cover): void {
    if (m.gen !== this.#gen) this.#greet(m.hello);
    this.#gen = m.gen;
    this.#next = m.n;
    this.#at = m.from;
    this.#covered = new Set(m.sessions);
    if (this.#cursors.get(headlines) === null) this.#cursors.set(headlines, Math.max(m.from, m.hello.seq));
    this.#paused = ![...this.#cursors].every(([key, seq]) => this.#covers(m, key, seq));
    if (this.#paused) this.announce();
    else this.state('live');
  }

  #covers(m: Cover, key: string, seq: number | null): boolean {
    return (key === headlines || this.#covered.has(key)) && (seq === null || m.from <= seq);
  }

  #greet(hello: Hello): void {
    const known = [...this.#cursors.values()].filter((c) => c !== null);
    if (this.#origin && stale(hello, this.#origin, known)) this.reset();
    this.#origin = { log: hello.log, epoch: hello.epoch };
    if (hello.kinds.every(isKind) || this.reloadFor(hello.version)) return;
    this.state('newer');
  }

  reset(): void {
    this.#cursors = new Map([[headlines, null]]);
    this.#paused = true;
    this.listener.onReset();
  }

  frame(m: Frame): void {
    if (this.#paused || m.gen !== this.#gen) return;
    if (m.n !== this.#next) {
      this.lose();
      return;
    }
    this.#next++;
    this.#at = m.seq;
    const wanted = isKind(m.kind) && this.#wants(m, isHeadline(m.kind));
    for (const [key, seq] of this.#cursors) if (seq === null || seq < m.seq) this.#cursors.set(key, m.seq);
    if (wanted) this.listener.onEvents([JSON.parse(m.data) as Event]);
  }

  /** Once for the lists, once for the open session: both know by their own seq what they have. */
  #wants(m: Frame, headline: boolean): boolean {
    const open = this.#cursors.get(m.session);
    if (typeof open === 'number' && m.seq > open) return true;
    return headline && m.seq > (this.#cursors.get(headlines) ?? 0);
  }

  status(items: Status[]): void {
    for (const { topic, session, doc } of items) this.listener.onStatus(topic, session, doc);
  }

  trouble(what: Trouble, next: number): void {
    this.state(what);
    this.listener.onRetry?.(next);
  }

  /** A newer server stays newer, whatever the connection does. */
  state(state: State): void {
    if (state === this.#state || this.#state === 'newer') return;
    this.#state = state;
    this.listener.onState(state);
  }
}
