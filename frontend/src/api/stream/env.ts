import { url } from '../base';
import type { Presence, Trouble } from './wire';

/** What the stream needs of its surroundings; tests bring their own. */
export interface Env {
  eventSource(url: string): Source;
  /** null where the browser has no Web Locks (insecure context). */
  locks: Locks | null;
  /** null where the browser has no BroadcastChannel. */
  channel: (() => Channel) | null;
  clock: Clock;
  /** 0 to 1. */
  random(): number;
  page: Page;
  /** Why the stream cannot be had. */
  probe(): Promise<Trouble>;
  /** Tells the server what this browser shows. Nobody waits for it. */
  present(client: string, what: Presence): void;
  /** Reloads the page unless that was done for this version before; then it returns false. */
  reloadFor(version: string): boolean;
}

export interface Source {
  addEventListener(kind: string, handler: (e: { data: string; lastEventId: string }) => void): void;
  onerror: ((e: never) => unknown) | null;
  close(): void;
}

export interface Locks {
  request(name: string, options: { signal?: AbortSignal; steal?: boolean }, held: () => Promise<void>): Promise<unknown>;
}

export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((e: { data: unknown }) => void) | null;
  close(): void;
}

/** Milliseconds. */
export interface Clock {
  /** Of this tab alone. */
  now(): number;
  /** Of the machine, the same in all tabs. */
  wall(): number;
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export type PageChange = 'visible' | 'hidden' | 'sleep' | 'wake';

export interface Page {
  hidden(): boolean;
  /** `sleep`: the page is frozen or put aside; `wake`: it comes back. Returns how to end it. */
  watch(heard: (change: PageChange) => void): () => void;
}

export function browser(): Env {
  return {
    eventSource: (url) => new EventSource(url) as unknown as Source,
    locks: typeof navigator !== 'undefined' && 'locks' in navigator ? (navigator.locks as unknown as Locks) : null,
    channel:
      typeof BroadcastChannel === 'undefined' ? null : () => new BroadcastChannel(`events${url('')}`) as unknown as Channel,
    clock: {
      now: () => performance.now(),
      wall: () => Date.now(),
      set: (run, ms) => setTimeout(run, ms),
      clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    },
    random: Math.random,
    page: { hidden: () => document.visibilityState === 'hidden', watch },
    probe,
    present,
    reloadFor,
  };
}

function watch(heard: (change: PageChange) => void): () => void {
  const end = new AbortController();
  const on = (target: EventTarget, name: string, f: (e: globalThis.Event) => void) =>
    target.addEventListener(name, f, { signal: end.signal });
  on(document, 'visibilitychange', () => heard(document.visibilityState === 'hidden' ? 'hidden' : 'visible'));
  on(document, 'freeze', () => heard('sleep'));
  on(document, 'resume', () => heard('wake'));
  on(window, 'pagehide', () => heard('sleep'));
  on(window, 'pageshow', (e) => {
    if ((e as PageTransitionEvent).persisted) heard('wake');
  });
  return () => end.abort();
}

function present(client: string, what: Presence): void {
  const init = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what), keepalive: true };
  fetch(url(`/api/clients/${client}`), init).catch(() => undefined); // a lost server forgets it anyway
}

async function probe(): Promise<Trouble> {
  try {
    const answer = (await (await fetch(url('/health'))).json()) as { phase?: unknown };
    return answer.phase === 'starting' ? 'starting' : 'lost';
  } catch {
    return 'lost';
  }
}

function reloadFor(version: string): boolean {
  try {
    if (sessionStorage.getItem('reloaded-for') === version) return false;
    sessionStorage.setItem('reloaded-for', version);
  } catch {
    return false; // without a memory it might reload for ever
  }
  location.reload();
  return true;
}
