import { type Cursors, headlines, type Message, type Presence } from './wire';

interface Entry {
  cursors: Cursors;
  beat: number;
  /** The connection that covers it: its cursors move with that connection. */
  gen: string | null;
  visible: boolean;
}

/** A visible tab is never slowed down: without three beats it is gone. */
const seen = 30_000;

/** Hidden tabs may run their timers only once a minute. */
const silence = 75_000;

/** What all tabs have open, as they announced it. Every tab listens, so that any can lead. */
export class Registry {
  readonly #tabs = new Map<string, Entry>();

  hear(m: Extract<Message, { t: 'announce' }>, now: number): void {
    this.#tabs.set(m.tab, { cursors: m.cursors, beat: now, gen: m.paused ? null : m.gen, visible: m.visible === true });
  }

  forget(tab: string): void {
    this.#tabs.delete(tab);
  }

  /** Whether a person can see any tab, and the session in the one that spoke last. */
  presence(now: number): Presence {
    const tabs = [...this.#tabs.values()].filter((x) => x.visible && now - x.beat < seen);
    const last = tabs.sort((a, b) => b.beat - a.beat)[0];
    if (!last) return { visible: false };
    const session = Object.keys(last.cursors).find((key) => key !== headlines);
    return session === undefined ? { visible: true } : { visible: true, session };
  }

  has(tab: string): boolean {
    return this.#tabs.has(tab);
  }

  prune(now: number, own: string): void {
    for (const [tab, entry] of this.#tabs) if (tab !== own && now - entry.beat > silence) this.#tabs.delete(tab);
  }

  /** After a reset no cursor means anything. */
  clearCursors(): void {
    for (const entry of this.#tabs.values()) entry.cursors = { [headlines]: null };
  }

  sessions(): string[] {
    const all = new Set<string>();
    for (const { cursors } of this.#tabs.values()) for (const key in cursors) if (key !== headlines) all.add(key);
    return [...all].sort();
  }

  /** Moves what connection `gen` covered to where it ended. */
  settle(gen: string, last: number): void {
    for (const entry of this.#tabs.values()) {
      if (entry.gen !== gen) continue;
      for (const key in entry.cursors) entry.cursors[key] = Math.max(entry.cursors[key] ?? 0, last);
    }
  }

  /** Notes that a connection covers all tabs, or one. */
  cover(gen: string, tab?: string): void {
    for (const [id, entry] of this.#tabs) if (tab === undefined || id === tab) entry.gen = gen;
  }

  /** The oldest cursor, or null when nobody asks for what was. */
  oldest(): number | null {
    let min: number | null = null;
    for (const { cursors } of this.#tabs.values()) {
      for (const seq of Object.values(cursors)) if (seq !== null && (min === null || seq < min)) min = seq;
    }
    return min;
  }
}
