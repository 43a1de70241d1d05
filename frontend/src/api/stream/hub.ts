import type { Channel, Env, PageChange } from './env';
import { Lead } from './lead';
import { Leader } from './leader';
import { Registry } from './registry';
import { type Listener, Tab } from './tab';
import type { Message, Presence } from './wire';

/** Milliseconds. */
const beat = 10_000;
const look = 5_000;
const silence = 25_000;
const unseen = 30_000; // how long a hidden tab without others keeps a stream of its own
const together = 16; // frames within a picture's time go to the other tabs at once

/** Joins a tab to the others of its browser. */
export class Hub {
  readonly tab: Tab;
  readonly #registry = new Registry();
  readonly #lead: Lead | null;
  #channel: Channel | null = null;
  /** What the other tabs have not been told yet. */
  #unsaid: Message[] = [];
  #saying: unknown;
  #leader: Leader | null = null;
  #term = 0;
  #heard = 0;
  #looked = 0;
  #patience = silence;
  #timers: unknown[] = [];
  #hiding: unknown;
  #awake = false;
  readonly #unwatch: () => void;

  constructor(
    id: string,
    after: number | null,
    listener: Listener,
    private readonly env: Env,
  ) {
    this.tab = new Tab(id, after, listener, (m) => this.#post(m), env.reloadFor);
    const shared = env.locks && env.channel;
    this.#lead =
      shared && env.locks
        ? new Lead(
            env.locks,
            env,
            () => this.#won(),
            () => this.#lost(),
          )
        : null;
    this.#unwatch = env.page.watch((change) => this.#changed(change));
    this.#wake();
  }

  /** Tries to connect at once, whichever tab leads. */
  hurry(): void {
    this.#post({ t: 'try', term: this.#term });
  }

  /** Whether this tab owns the stream, and what a person can see of this browser. */
  presence(): Presence & { owner: boolean } {
    return { owner: this.#leader !== null, ...this.#registry.presence(this.env.clock.now()) };
  }

  stop(): void {
    this.#unwatch();
    this.#sleep();
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#heard = this.#looked = this.env.clock.now();
    if (this.#lead && this.env.channel) {
      this.#channel = this.env.channel();
      this.#channel.onmessage = (e) => {
        for (const m of e.data as Message[]) this.#receive(m);
      };
    }
    this.tab.lose();
    this.#every(beat, () => this.tab.announce());
    if (!this.#lead) {
      this.#won();
      return;
    }
    this.#every(look, () => this.#look());
    this.#lead.enter();
  }

  #sleep(): void {
    if (!this.#awake) return;
    this.#awake = false;
    for (const timer of this.#timers) this.env.clock.clear(timer);
    this.#timers = [];
    this.env.clock.clear(this.#hiding);
    this.#post({ t: 'bye', tab: this.tab.id });
    if (this.#lead) this.#lead.leave();
    else this.#lost();
    this.#channel?.close();
    this.#channel = null;
  }

  #changed(change: PageChange): void {
    if (change === 'sleep') {
      this.#sleep();
      return;
    }
    if (change === 'wake') {
      this.#wake();
      return;
    }
    if (this.#awake) this.tab.announce();
    if (this.#lead) return;
    this.env.clock.clear(this.#hiding);
    if (change === 'hidden') this.#hiding = this.env.clock.set(() => this.#sleep(), unseen);
    else this.#wake();
  }

  /** Terms follow the machine's clock: a new tab leads by a later one without having heard of any before. */
  #won(): void {
    this.#term = Math.max(this.#term + 1, this.env.clock.wall());
    this.#leader = new Leader(this.tab.id, this.#term, this.#registry, this.env, (m) => this.#post(m));
    this.#leader.start();
  }

  #lost(): void {
    this.#leader?.stop();
    this.#leader = null;
    this.#heard = this.env.clock.now();
  }

  /** A leader that says nothing is frozen. Tabs lose patience one after another, so that not all steal at once. */
  #look(): void {
    const now = this.env.clock.now();
    const slept = now - this.#looked > 3 * look; // then it is us who heard nothing
    this.#looked = now;
    if (slept) this.#heard = now;
    if (this.#leader || now - this.#heard < this.#patience) return;
    this.#heard = now;
    this.#patience = silence + look * this.env.random();
    this.#lead?.steal();
  }

  /** To the other tabs, and to ourselves: a channel does not hear itself. */
  #post(said: Message): void {
    const m = said.t === 'announce' ? { ...said, visible: !this.env.page.hidden() } : said;
    this.#tell(m);
    this.#receive(m);
  }

  /** Frames wait for each other, and nothing overtakes them. The timers of a hidden tab are too slow for that. */
  #tell(m: Message): void {
    if (!this.#channel) return;
    this.#unsaid.push(m);
    if (m.t !== 'frame' || this.env.page.hidden()) this.#say();
    else this.#saying ??= this.env.clock.set(() => this.#say(), together);
  }

  #say(): void {
    this.env.clock.clear(this.#saying);
    this.#saying = undefined;
    this.#channel?.postMessage(this.#unsaid);
    this.#unsaid = [];
  }

  #receive(m: Message): void {
    if (m.t === 'announce') {
      this.#announced(m);
      return;
    }
    if (m.t === 'bye') {
      this.#registry.forget(m.tab);
      this.#leader?.presence();
      return;
    }
    if (m.term < this.#term) return; // of a leader that was frozen and does not know that it lost
    if (m.term > this.#term && this.#leader) this.#lead?.yield();
    this.#term = m.term;
    this.#heard = this.env.clock.now();
    this.#follow(m);
  }

  #follow(m: Exclude<Message, { t: 'announce' | 'bye' }>): void {
    switch (m.t) {
      case 'cover': {
        this.tab.cover(m);
        return;
      }
      case 'frame': {
        this.tab.frame(m);
        return;
      }
      case 'status': {
        this.tab.status(m.items);
        return;
      }
      case 'alive':
        if (m.trouble) this.tab.trouble(m.trouble, m.next ?? 0);
        return;
      case 'try':
        this.#leader?.hurry();
        return;
      case 'reset':
        this.tab.reset();
        {
          this.tab.announce();
          return;
        }
      default: {
        never(m);
        return;
      }
    }
  }

  #announced(m: Extract<Message, { t: 'announce' }>): void {
    const fresh = !this.#registry.has(m.tab);
    this.#registry.hear(m, this.env.clock.now());
    this.#leader?.announced(m, fresh && m.tab !== this.tab.id);
  }

  #every(ms: number, run: () => void): void {
    const slot = this.#timers.length;
    const again = () => {
      this.#timers[slot] = this.env.clock.set(again, ms);
      run();
    };
    this.#timers.push(this.env.clock.set(again, ms));
  }
}

/** Tabs of another version of the page may say what this one does not know. */
function never(_: never): void {}
