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
