import type { Event } from '../../fold/event';
import { connectEvents, type Events, type State } from '../events';
import type { Env, PageChange } from './env';
import type { Presence } from './wire';

/** A small, seeded generator. */
export function dice(seed: number): (n: number) => number {
  let s = seed * 2654435761;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}

type Task = () => void;
type Handler = (e: { data: string; lastEventId: string }) => void;

/** A server with a log, a browser with tabs, and a clock that only moves when told. */
export class World {
  log: Event[] = [];
  connections = new Set<FakeSource>();
  tabs: FakeTab[] = [];
  now = 0;
  down = false;
  epochs: [string, number][] = [['run-1', 1]];
  logId = 'log-1';
  kinds = ['turn_queued', 'text_appended'];
  locks = new FakeLocks();
  opened = 0;
  /** What the server was told last about each client. */
  shown = new Map<string, Presence>();
  seq = 0;
  #due = new Set<object>();
  #timers: { at: number; tab: FakeTab; run: Task; id: object }[] = [];

  constructor(readonly roll: (n: number) => number) {}

  append(session: string, kind: 'turn_queued' | 'text_appended'): void {
    this.seq += 1 + this.roll(3);
    this.log.push({ seq: this.seq, at: '', session, turn: 't', kind, body: {} } as unknown as Event);
    for (const c of this.connections) c.pump();
  }

  timer(tab: FakeTab, run: Task, ms: number): object {
    const id = {};
    this.#timers.push({ at: this.now + ms, tab, run, id });
    return id;
  }

  /** Also one that is due and stands in a queue, as in a browser. */
  clear(id: unknown): void {
    this.#due.delete(id as object);
    this.#timers = this.#timers.filter((t) => t.id !== id);
  }

  /** Lets one tab run one task of its queue. False: nothing to do. */
  async step(): Promise<boolean> {
    const ready = this.tabs.filter((t) => !t.frozen && !t.gone && t.queue.length > 0);
    const tab = ready[this.roll(ready.length)];
    tab?.queue.shift()?.();
    for (let i = 0; i < 6; i++) await Promise.resolve();
    return tab !== undefined;
  }

  async settle(): Promise<void> {
    while (await this.step());
  }

  /** Moves the clock from timer to timer. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (;;) {
      const next = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.now = Math.max(this.now, next.at);
      this.clear(next.id);
      this.#due.add(next.id);
      next.tab.queue.push(() => this.#due.delete(next.id) && next.run());
      await this.settle();
    }
    this.now = end;
  }

  ping(): void {
    for (const c of this.connections) c.tell('ping', { seq: c.at });
  }

  tab(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }
}

class FakeSource {
  readonly #handlers = new Map<string, Handler[]>();
  onerror: ((e: never) => unknown) | null = null;
  at: number;
  #closed = false;
  readonly sessions: Set<string>;

  constructor(
    readonly world: World,
    readonly tab: FakeTab,
    address: string,
  ) {
    const query = new URLSearchParams(address.split('?')[1] ?? '');
    this.sessions = new Set(query.get('sessions')?.split(',') ?? []);
    this.at = Number(query.get('after') ?? world.seq);
    world.opened++;
    if (world.down) tab.queue.push(() => this.fail());
    else this.#accept();
  }

  #accept(): void {
    const { world } = this;
    world.connections.add(this);
    this.tell('hello', {
      version: '1',
      kinds: world.kinds,
      log: world.logId,
      epoch: world.epochs.at(-1)?.[0],
      epochs: world.epochs,
      seq: world.seq,
    });
    if (this.at > world.seq) this.tell('reset', { reason: 'ahead' });
    this.pump();
  }

  pump(): void {
    for (const e of this.world.log) {
      if (e.seq <= this.at) continue;
      this.at = e.seq;
      if (e.kind === 'turn_queued' || this.sessions.has(e.session)) this.tell(e.kind, e);
    }
  }

  tell(kind: string, body: object): void {
    const data = JSON.stringify(body);
    this.tab.queue.push(() => {
      if (this.#closed) return;
      for (const h of this.#handlers.get(kind) ?? []) h({ data, lastEventId: '' });
    });
  }

  fail(): void {
    this.world.connections.delete(this);
    if (!this.#closed) this.onerror?.(undefined as never);
  }

  addEventListener(kind: string, h: Handler): void {
    this.#handlers.set(kind, [...(this.#handlers.get(kind) ?? []), h]);
  }

  close(): void {
    this.#closed = true;
    this.world.connections.delete(this);
  }
}

interface Request {
  tab: FakeTab;
  held: () => Promise<void>;
  done: () => void;
  broken: () => void;
}

/** Web Locks for one name, with steal. */
class FakeLocks {
  holder: Request | null = null;
  waiting: Request[] = [];

  request(tab: FakeTab, options: { signal?: AbortSignal; steal?: boolean }, held: () => Promise<void>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const broken = () => tab.queue.push(() => reject(new DOMException('', 'AbortError')));
      const request: Request = { tab, held, done: () => resolve(undefined), broken };
      options.signal?.addEventListener('abort', () => {
        if (!this.waiting.includes(request)) return;
        this.waiting = this.waiting.filter((r) => r !== request);
        broken();
      });
      if (options.steal) {
        this.holder?.broken();
        this.holder = null;
        this.waiting.unshift(request);
      } else this.waiting.push(request);
      this.grant();
    });
  }

  grant(): void {
    const next = this.holder ? undefined : this.waiting.shift();
    if (!next) return;
    this.holder = next;
    next.tab.queue.push(() => {
      if (this.holder !== next) return;
      void next.held().then(() => {
        next.done();
        if (this.holder !== next) return;
        this.holder = null;
        this.grant();
      });
    });
  }

  drop(tab: FakeTab): void {
    this.waiting = this.waiting.filter((r) => r.tab !== tab);
    if (this.holder?.tab === tab) this.holder = null;
    this.grant();
  }
}

/** A tab with a page that keeps what it is told. */
export class FakeTab {
  queue: Task[] = [];
  frozen = false;
  gone = false;
  states: State[] = [];
  resets = 0;
  /** session -> what its snapshot covered, and the seqs that came after. */
  sessions = new Map<string, { from: number; seqs: number[] }>();
  list: { from: number; seqs: number[] };
  statuses = new Map<string, unknown>();
  reloads = 0;
  hidden = false;
  change: (c: PageChange) => void = () => {};
  readonly channels = new Set<{ onmessage: ((e: { data: unknown }) => void) | null }>();
  readonly events: Events;

  constructor(
    readonly world: World,
    shared = true,
  ) {
    this.list = { from: world.seq, seqs: [] };
    this.events = connectEvents({
      after: world.seq,
      env: this.#env(shared),
      onEvents: (batch) => {
        for (const e of batch) this.#take(e);
      },
      onStatus: (topic, _, doc) => this.statuses.set(topic, doc),
      onState: (s) => this.states.push(s),
      onReset: () => this.#reset(),
    });
  }

  open(session: string, seq = this.world.seq): void {
    this.sessions.set(session, { from: seq, seqs: [] });
    this.events.open(session, seq);
  }

  shut(session: string): void {
    this.sessions.delete(session);
    this.events.close(session);
  }

  /** Closed without a word, as when the browser kills it. */
  kill(): void {
    this.gone = true;
    this.channels.clear();
    for (const c of this.world.connections) if (c.tab === this) c.close();
    this.world.locks.drop(this);
  }

  get leads(): boolean {
    return this.world.locks.holder?.tab === this;
  }

  /** What should have come and what came, for all that is open and for the list. */
  account(): [string, number[], number[]][] {
    const all = this.world.log;
    const open = [...this.sessions].map(([s, { from, seqs }]): [string, number[], number[]] => [
      s,
      all.filter((e) => e.session === s && e.seq > from).map((e) => e.seq),
      seqs,
    ]);
    const want = all.filter((e) => e.kind === 'turn_queued' && e.seq > this.list.from).map((e) => e.seq);
    return [...open, ['list', want, this.list.seqs]];
  }

  /** As the page does: each thing drops what it covers. Doubles are kept, to be found. */
  #take(e: Event): void {
    const open = this.sessions.get(e.session);
    if (open && e.seq > open.from) open.seqs.push(e.seq);
    const last = this.list.seqs.at(-1) ?? this.list.from;
    if (e.kind === 'turn_queued' && e.seq > last) this.list.seqs.push(e.seq);
  }

  #reset(): void {
    this.resets++;
    const open = [...this.sessions.keys()];
    this.queue.push(() => {
      for (const s of open) this.open(s);
    });
    this.list = { from: this.world.seq, seqs: [] };
  }

  #env(shared: boolean): Env {
    const { world } = this;
    return {
      eventSource: (address) => new FakeSource(world, this, address),
      locks: shared ? { request: (_, options, held) => world.locks.request(this, options, held) } : null,
      channel: shared ? () => this.#channel() : null,
      clock: {
        now: () => world.now,
        wall: () => world.now,
        set: (run, ms) => world.timer(this, run, ms),
        clear: (id) => world.clear(id),
      },
      random: () => world.roll(1000) / 1000,
      page: {
        hidden: () => this.hidden,
        watch: (heard) => {
          this.change = heard;
          return () => {};
        },
      },
      probe: async () => 'lost',
      present: (client, what) => world.shown.set(client, what),
      reloadFor: () => this.reloads++ === 0 && false,
    };
  }

  #channel() {
    const channel = {
      onmessage: null as ((e: { data: unknown }) => void) | null,
      postMessage: (m: unknown) => {
        if (this.gone) return;
        const copy = JSON.stringify(m);
        for (const tab of world.tabs) {
          if (tab === this || tab.gone) continue;
          for (const c of tab.channels) tab.queue.push(() => tab.channels.has(c) && c.onmessage?.({ data: JSON.parse(copy) }));
        }
      },
      close: () => void this.channels.delete(channel),
    };
    const { world } = this;
    this.channels.add(channel);
    return channel;
  }
}
