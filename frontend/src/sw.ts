/**
 * The service worker: it keeps the page's own files, so that the page opens
 * while Hermes is not reachable, and it shows notifications. It never touches
 * what changes: of the API nothing is kept and nothing is answered here.
 */

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Lasting {
  readonly data: unknown;
}
interface Clicked extends Lasting {
  readonly notification: Notification;
}
interface Tab {
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface Scope {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly Tab[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', heard: (e: Lasting) => void): void;
  addEventListener(type: 'fetch', heard: (e: Fetching) => void): void;
  addEventListener(type: 'message', heard: (e: Told) => void): void;
  addEventListener(type: 'notificationclick', heard: (e: Clicked) => void): void;
}

/** Written by the build: the files without which the page shows nothing, and a name for just these. */
declare const __SHELL__: { readonly version: string; readonly files: readonly string[] };

const worker = self as unknown as Scope;
const shell = __SHELL__;

/** The path prefix with a slash at its end. Caches belong to the origin, so it is in their names. */
const root = new URL('./', worker.location.href).pathname;
const family = `hermes ${root} `;
const own = family + shell.version;
const assets = `${root}assets/`;

/** How long a person waits for the server before the kept page is shown. */
const patience = 3000;

worker.addEventListener('install', (e) => e.waitUntil(install()));
worker.addEventListener('activate', (e) => e.waitUntil(activate()));
worker.addEventListener('fetch', (e) => answer(e));
worker.addEventListener('message', (e) => e.waitUntil(told(e.data)));
worker.addEventListener('notificationclick', (e) => e.waitUntil(open(e.notification)));

async function install(): Promise<void> {
  const cache = await caches.open(own);
  await cache.addAll([new Request(root, { cache: 'no-cache' }), ...shell.files.map((file) => root + file)]);
}

/** Not before a page says so, or none is left that needs the old files. */
async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(family) && name !== own).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

function answer(e: Fetching): void {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== 'GET' || origin !== worker.location.origin || !pathname.startsWith(root)) return;
  if (/^(?:api|health|openapi\.json)(?:\/|$)/.test(pathname.slice(root.length))) return;
  if (e.request.mode === 'navigate') e.respondWith(page(e.request));
  else if (pathname.startsWith(assets)) e.respondWith(asset(e.request));
}

/** The newest page if it comes soon, else the kept one. That is only ever replaced as a whole, with its files. */
async function page(request: Request): Promise<Response> {
  const fresh = fetch(request).catch(() => null);
  const late = new Promise<null>((done) => setTimeout(done, patience, null));
  const first = await Promise.race([fresh, late]);
  if (first && first.status < 500) return first;
  const kept = await caches.match(root, { cacheName: own, ignoreVary: true });
  return kept ?? (await fresh) ?? Response.error();
}

/** Files under assets/ carry a hash in their names and never change. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(own)).put(request, fresh.clone());
  return fresh;
}

async function told(data: unknown): Promise<void> {
  const { t, files } = data as { t?: string; files?: readonly string[] };
  if (t === 'activate') await worker.skipWaiting();
  if (t === 'keep') await Promise.allSettled((files ?? []).map(keep));
}

/** What a page loaded before this worker was there: it comes out of the browser's own cache. */
async function keep(file: string): Promise<void> {
  const { pathname, origin } = new URL(file);
  if (origin === worker.location.origin && pathname.startsWith(assets)) await asset(new Request(file));
}

/** A click on a notification brings the page forward and opens its session. */
async function open(notification: Notification): Promise<void> {
  notification.close();
  const session = (notification.data as { session?: string } | null)?.session;
  const tabs = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find((x) => x.focused) ?? tabs[0];
  if (!tab) {
    await worker.clients.openWindow(session ? `${root}s/${encodeURIComponent(session)}` : root);
    return;
  }
  if (session) tab.postMessage({ t: 'open', session });
  await tab.focus();
}
