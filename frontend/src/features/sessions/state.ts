import type { Session } from '../../fold/types';
import { type Key, t } from '../../i18n';
import type { GlyphState } from '../../ui/Glyph.svelte';

/** The one state that a row shows, the most pressing first. */
export function stateOf(s: Session): GlyphState {
  if (s.asks > 0) return 'ask';
  if (s.live !== null) return 'working';
  if (s.state === 'failed') return 'failed';
  if (s.state === 'interrupted') return 'degraded';
  if (s.held && s.queued > 0) return 'paused';
  return unread(s) ? 'unread' : 'none';
}

/** An answer ended that nobody has looked at. */
export function unread(s: Session): boolean {
  return s.ended_seq > s.read_seq;
}

const words: Record<GlyphState, Key | null> = {
  ask: 'sessions.state.ask',
  working: 'sessions.state.working',
  unread: 'sessions.state.unread',
  failed: 'sessions.state.failed',
  degraded: 'sessions.state.interrupted',
  paused: 'sessions.state.paused',
  fine: null,
  none: null,
};

export function wordsOf(state: GlyphState): string {
  const key = words[state];
  return key === null ? '' : t(key);
}

/** Programs of an agent whose names are no words for people. */
const programs: Readonly<Record<string, Key>> = {
  cli: 'sessions.source.terminal',
  tui: 'sessions.source.terminal',
  cron: 'sessions.source.schedule',
  api_server: 'sessions.source.api',
  acp: 'sessions.source.editor',
};

/** Where a session was begun that an agent keeps elsewhere; '' = here, or in a page like this one. */
export function sourceOf(s: Session): string {
  if (s.source === '' || s.source === 'webui') return '';
  const known = Object.hasOwn(programs, s.source) ? programs[s.source] : undefined;
  if (known !== undefined) return t(known);
  return s.source.charAt(0).toUpperCase() + s.source.slice(1, 20);
}
