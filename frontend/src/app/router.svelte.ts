import { basePath } from '../api/base';

/** What Settings consists of. */
export const settingsSections = [
  'appearance',
  'reading',
  'writing',
  'notices',
  'models',
  'agents',
  'permissions',
  'tools',
  'health',
  'advanced',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

/** Every place of the page that has an address. */
export type Route =
  | { readonly name: 'home'; readonly id?: undefined }
  | { readonly name: 'session'; readonly id: string; readonly turn: string | null; readonly work?: boolean }
  | { readonly name: 'shelf' | 'more'; readonly id?: undefined }
  | { readonly name: 'settings'; readonly id?: undefined; readonly section: SettingsSection | null }
  | { readonly name: 'unknown'; readonly id?: undefined };

/** The path of a place, without the prefix. */
export const paths = {
  home: '/',
  settings: '/settings',
  /** What was archived or thrown away. */
  shelf: '/shelf',
  more: '/more',
  setting: (section: SettingsSection) => `/settings/${section}`,
  session: (id: string) => `/s/${encodeURIComponent(id)}`,
  turn: (session: string, turn: string) => `/s/${encodeURIComponent(session)}#${turn}`,
  work: (id: string) => `/s/${encodeURIComponent(id)}/work`,
} as const;

export interface Router {
  readonly route: Route;
  go(path: string, how?: 'push' | 'replace'): void;
}

/** Reads a path that begins with '/' and has no prefix. Behind its # it may name a turn. */
export function match(path: string): Route {
  const [way = '', part = ''] = path.split('#', 2);
  const clean = way.replace(/\/+$/, '') || '/';
  if (clean === '/') return { name: 'home' };
  if (clean === paths.shelf) return { name: 'shelf' };
  if (clean === paths.more) return { name: 'more' };
  if (clean === '/settings') return { name: 'settings', section: null };
  const section = settingsSections.find((s) => clean === `/settings/${s}`);
  if (section !== undefined) return { name: 'settings', section };
  const [, id, work] = /^\/s\/([^/]+)(\/work)?$/.exec(clean) ?? [];
  if (id === undefined) return { name: 'unknown' };
  const turn = part.startsWith('trn_') ? part : null;
  return { name: 'session', id: decode(id), turn, ...(work !== undefined && { work: true }) };
}

/** The address that a link to the path has in this browser. */
export function href(path: string): string {
  return basePath() + path;
}

/** Follows the address of the window. Call it once per page. */
export function createRouter(): Router {
  let route = $state.raw<Route>(match(here()));
  window.addEventListener('popstate', () => {
    route = match(here());
  });
  return {
    get route() {
      return route;
    },
    go(path, how = 'push') {
      if (path === here()) return;
      if (how === 'push') history.pushState(null, '', href(path));
      else history.replaceState(null, '', href(path));
      route = match(path);
    },
  };
}

/**
 * Makes links of the page open without loading it anew. Clicks that mean
 * something else (another button, a modifier, a target, a download) are left to
 * the browser.
 */
export function followLinks(router: Pick<Router, 'go'>): () => void {
  const click = (e: MouseEvent) => {
    const path = inner(e);
    if (path === null) return;
    e.preventDefault();
    router.go(path);
  };
  document.addEventListener('click', click);
  return () => document.removeEventListener('click', click);
}

function inner(e: MouseEvent): string | null {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return null;
  const link = e.target instanceof Element ? e.target.closest('a') : null;
  if (link?.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return null;
  const path = strip(link.pathname + turnIn(link.hash));
  return path?.startsWith('/api/') === false && match(path).name !== 'unknown' ? path : null;
}

function here(): string {
  const at = location.pathname + turnIn(location.hash);
  return strip(at) ?? at;
}

/** Other marks are the browser's business. */
function turnIn(hash: string): string {
  return hash.startsWith('#trn_') ? hash : '';
}

/** Takes the prefix off; null when the address is outside of it. */
function strip(pathname: string): string | null {
  const base = basePath();
  if (base === '') return pathname;
  if (pathname === base) return '/';
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
