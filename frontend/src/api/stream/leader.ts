import { isKind, kinds } from '../../fold/event';
import { url } from '../base';
import type { Env, Source } from './env';
import type { Hello } from './hello';
import type { Registry } from './registry';
import { type Cursors, headlines, type Message, type Status, type Trouble } from './wire';

/** Milliseconds. */
const dead = 25_000; // two pings and a half
const alive = 10_000;
const gather = 5; // several tabs often open something at once
const shrink = 10_000;
const backOff = { first: 300, most: 5_000 };

/** One EventSource and how far it is. */
interface Connection {
  gen: string;
  source: Source;
  sessions: Set<string>;
  after: number | null;
  hello: Hello | null;
  last: number;
  n: number;
}

/** The tab that owns the browser's only stream, and passes it on. */
export class Leader {
  #connection: Connection | null = null;
  #count = 0;
  #failures = 0;
  #trouble: Trouble | null = null;
  #next = 0;
  /** What the server was told about this browser, on this connection. */
  #told = '';
  #statuses = new Map<string, Status>();
  /** Statuses of the connection before, until the new one has told its own. */
  #old = new Set<string>();
  #timers = new Map<string, unknown>();

  constructor(
    private readonly tab: string,
    readonly term: number,
    private readonly registry: Registry,
    private readonly env: Env,
    private readonly post: (m: Message) => void,
  ) {}

  start(): void {
    this.#connect();
    this.#beat();
  }

  /** Does not wait for the next time to try. */
  hurry(): void {
    if (this.#connection?.hello) return;
    this.#failures = 0;
    this.#connect();
  }

  /** What tabs show may have changed: tells the server. */
  presence(): void {
    if (!this.#connection?.hello) return;
    const what = this.registry.presence(this.env.clock.now());
    const words = JSON.stringify(what);
    if (words === this.#told) return;
    this.#told = words;
    this.env.present(this.tab, what);
  }

  stop(): void {
    this.#close();
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
  }

  /** A tab said what it has open; the registry has heard it already. */
  announced(m: Extract<Message, { t: 'announce' }>, fresh: boolean): void {
    if (fresh && this.#statuses.size > 0) this.post({ t: 'status', term: this.term, items: [...this.#statuses.values()] });
    const c = this.#connection;
    this.presence();
    if (!m.paused) {
      this.#mayShrink();
      return;
    }
    if (!c) return; // a retry is under way and will ask the registry
    if (c.hello && reaches(c, m.cursors, c.last)) {
      this.#coverAgain(c, c.hello, m.tab);
      return;
    }
    if (!c.hello && reaches(c, m.cursors, c.after ?? Number.POSITIVE_INFINITY)) {
      this.registry.cover(c.gen, m.tab);
      return;
    }
    this.#later('connect', gather, () => this.#connect());
  }

  #coverAgain(c: Connection, hello: Hello, tab: string): void {
    this.registry.cover(c.gen, tab);
    this.post({ t: 'cover', term: this.term, gen: c.gen, n: c.n, sessions: [...c.sessions], from: c.last, hello });
  }

  /** Details that nobody wants any more cost little: the filter shrinks when there is time. */
  #mayShrink(): void {
    const c = this.#connection;
    if (!c || this.#timers.has('shrink') || c.sessions.size <= this.registry.sessions().length) return;
    this.#later('shrink', shrink, () => {
      if (c === this.#connection && c.sessions.size > this.registry.sessions().length) this.#connect();
    });
  }

  #connect(): void {
    this.#close();
    this.registry.prune(this.env.clock.now(), this.tab);
    const sessions = this.registry.sessions();
    const after = this.registry.oldest();
    const gen = `${this.tab}.${++this.#count}`;
    const source = this.env.eventSource(
      url('/api/events', {
        client: this.tab,
        sessions: sessions.length > 0 ? sessions.join(',') : undefined,
        after: after ?? undefined,
      }),
    );
    this.registry.cover(gen);
    const c: Connection = { gen, source, sessions: new Set(sessions), after, hello: null, last: after ?? 0, n: 0 };
    this.#connection = c;
    this.#listen(c);
    this.#watch();
  }

  #listen(c: Connection): void {
    const on = (kind: string, handle: (data: string) => void) =>
      c.source.addEventListener(kind, (e) => {
        if (c !== this.#connection) return; // an event that was on its way when we closed
        this.#watch();
        handle(e.data);
      });
    on('hello', (data) => this.#hello(c, JSON.parse(data)));
    on('ping', (data) => this.#pass(c, 'ping', data));
    on('status', (data) => this.#status(JSON.parse(data)));
    on('reset', () => this.#reset());
    on('closing', (data) => this.#closing(JSON.parse(data)));
    for (const kind of kinds) on(kind, (data) => this.#pass(c, kind, data));
    c.source.onerror = () => c === this.#connection && this.#failed();
  }

  #hello(c: Connection, hello: Hello): void {
    c.hello = hello;
    c.last = c.after ?? hello.seq;
    this.#failures = 0;
    this.#trouble = null;
    this.#next = 0;
    this.#told = '';
    this.#old = new Set(this.#statuses.keys());
    this.post({ t: 'cover', term: this.term, gen: c.gen, n: 0, sessions: [...c.sessions], from: c.last, hello });
    this.presence();
  }

  #pass(c: Connection, kind: string, data: string): void {
    const { seq, session = '' } = JSON.parse(data) as { seq: number; session?: string };
    this.#dropOldStatuses();
    if (!c.hello || (isKind(kind) && seq <= c.last)) return;
    c.last = Math.max(c.last, seq);
    this.post({ t: 'frame', term: this.term, gen: c.gen, n: c.n++, seq: c.last, kind, session, data });
  }

  #status(s: Partial<Status> & { topic: string }): void {
    const item: Status = { topic: s.topic, session: s.session ?? null, doc: s.doc ?? null };
    const key = `${item.topic} ${item.session ?? ''}`;
    this.#old.delete(key);
    if (item.doc === null) this.#statuses.delete(key);
    else this.#statuses.set(key, item);
    this.post({ t: 'status', term: this.term, items: [item] });
  }

  /** All statuses follow the hello at once: what was not among them is no longer true. */
  #dropOldStatuses(): void {
    if (this.#old.size === 0) return;
    const items = [...this.#old].map((key) => this.#statuses.get(key)).filter((s) => s !== undefined);
    for (const key of this.#old) this.#statuses.delete(key);
    this.#old.clear();
    this.post({ t: 'status', term: this.term, items: items.map((s) => ({ ...s, doc: null })) });
  }

  #reset(): void {
    this.#close();
    this.registry.clearCursors();
    this.post({ t: 'reset', term: this.term });
    this.#later('connect', gather, () => this.#connect());
  }

  #closing({ retry_ms }: { retry_ms?: number }): void {
    this.#close();
    this.#later('connect', retry_ms ?? backOff.first, () => this.#connect());
  }

  /** The browser would not try again after some errors, and not with our cursor after others. */
  #failed(): void {
    this.#close();
    const delay = Math.min(backOff.most, backOff.first * 2 ** this.#failures) * (0.8 + 0.4 * this.env.random());
    this.#failures++;
    const wait = Math.max(backOff.first, Math.min(backOff.most, delay));
    this.#next = this.env.clock.wall() + wait;
    this.#later('connect', wait, () => this.#connect());
    void this.env.probe().then((trouble) => {
      if (this.#failures === 0 || !this.#timers.has('beat')) return; // it works again, or another leads
      this.#trouble = trouble;
      this.post({ t: 'alive', term: this.term, trouble, next: this.#next });
    });
  }

  #close(): void {
    const c = this.#connection;
    this.#connection = null;
    for (const name of ['connect', 'dead', 'shrink']) this.#cancel(name);
    if (!c) return;
    c.source.close();
    if (c.hello) this.registry.settle(c.gen, c.last);
  }

  #watch(): void {
    this.#later('dead', dead, () => this.#connect());
  }

  #beat(): void {
    this.post({ t: 'alive', term: this.term, trouble: this.#trouble, next: this.#next });
    this.presence();
    this.#later('beat', alive, () => this.#beat());
  }

  #later(name: string, ms: number, run: () => void): void {
    this.#cancel(name);
    const timer = this.env.clock.set(() => {
      this.#timers.delete(name);
      run();
    }, ms);
    this.#timers.set(name, timer);
  }

  #cancel(name: string): void {
    this.env.clock.clear(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

/** Whether a connection that is at `from` brings everything past these cursors. */
function reaches(c: Connection, cursors: Cursors, from: number): boolean {
  return Object.entries(cursors).every(
    ([key, seq]) => (key === headlines || c.sessions.has(key)) && (seq === null || seq >= from),
  );
}
