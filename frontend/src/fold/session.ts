import type { Bodies, Event } from './event';
import type { Session } from './types';

/**
 * Applies an event to the row of its session: the same rule as the server's
 * FoldSession. The event must be newer than what the row covers (rows do not
 * know their seq: drop by the `seq` of the list, see `applyToList`).
 * Returns a new object if anything changed. A purged session's row is returned
 * as it is: the caller drops it.
 */
export function applyHeadline(s: Session, e: Event): Session {
  switch (e.kind) {
    case 'session_created':
      return created(e.session, e.at, e.body);
    case 'session_changed':
      return changed(s, e.body);
    case 'session_forked':
      return { ...s, fork_of: e.body.from, head: e.body.from.turn };
    case 'session_found':
      return found(e.session, e.body);
    case 'session_caught_up':
      return caughtUp(s, e.body.head, e);
    case 'session_stored':
      return { ...s, stored: [...s.stored.filter((id) => id !== e.body.id), e.body.id] };
    case 'session_trashed':
      return { ...s, trashed_at: e.at };
    case 'session_restored':
      return { ...s, trashed_at: null };
    case 'turn_queued':
      return { ...s, queued: s.queued + 1, updated_at: e.at };
    case 'turn_withdrawn':
      return { ...s, queued: s.queued - 1 };
    case 'queue_changed':
      return { ...s, held: e.body.held };
    case 'turn_started':
      return { ...s, queued: s.queued - 1, live: e.turn, head: e.turn, state: 'running', updated_at: e.at };
    case 'ask_raised':
      return { ...s, asks: s.asks + 1, state: 'waiting', updated_at: e.at };
    case 'ask_closed':
      return { ...s, asks: s.asks - 1, state: s.asks === 1 && s.live !== null ? 'running' : s.state };
    case 'turn_ended':
      return { ...s, live: null, asks: 0, state: e.body.state, ended_seq: e.seq, updated_at: e.at };
    case 'head_moved':
      return { ...s, head: e.body.head };
    case 'turn_edited':
    case 'turn_imported':
    case 'turn_stored':
    case 'steered':
    case 'part_opened':
    case 'text_appended':
    case 'output_skipped':
    case 'tool_updated':
    case 'plan_updated':
    case 'subagent_updated':
    case 'part_closed':
    case 'usage_reported':
    case 'session_purged':
      return s;
    default:
      return unknown(e, s);
  }
}

function created(id: string, at: string, b: Bodies['session_created']): Session {
  return {
    id,
    foreign: '',
    source: '',
    title: b.title,
    title_by: b.title === '' ? '' : 'person',
    agent: b.agent,
    workspace: b.workspace,
    model: b.model,
    effort: b.effort,
    profile: b.profile,
    pinned: false,
    archived: false,
    project: '',
    tags: [],
    stored: [],
    head: null,
    fork_of: null,
    live: null,
    state: '',
    queued: 0,
    held: false,
    asks: 0,
    ended_seq: 0,
    read_seq: 0,
    created_at: at,
    updated_at: at,
    trashed_at: null,
  };
}

function found(id: string, b: Bodies['session_found']): Session {
  return {
    ...created(id, b.created_at, { ...b, effort: '' }),
    foreign: 'kept',
    source: b.source,
    title_by: b.title === '' ? '' : 'agent',
    stored: b.stored,
    updated_at: b.updated_at,
  };
}

/** What was there before a session became ours is not unread; what came later from elsewhere may be. */
function caughtUp(s: Session, head: string, e: Event): Session {
  const next: Session = { ...s, foreign: '', head, state: 'done' };
  return s.foreign === '' ? { ...next, ended_seq: e.seq, updated_at: e.at } : next;
}

function changed(s: Session, b: Bodies['session_changed']): Session {
  const next: Session = {
    ...s,
    agent: b.agent ?? s.agent,
    workspace: b.workspace ?? s.workspace,
    model: b.model ?? s.model,
    effort: b.effort ?? s.effort,
    profile: b.profile ?? s.profile,
    pinned: b.pinned ?? s.pinned,
    archived: b.archived ?? s.archived,
    project: b.project ?? s.project,
    tags: b.tags ?? s.tags,
    read_seq: Math.max(s.read_seq, b.read_seq ?? 0),
  };
  if (b.title === undefined || b.title === null) return next;
  return { ...next, title: b.title, title_by: b.title_by ?? 'person' };
}

/** The stream refuses kinds that this page does not know before they come here; this is the second lock. */
function unknown(e: never, s: Session): Session {
  void e;
  return s;
}

/** A page of the list and the seq it covers. */
export interface SessionList {
  seq: number;
  items: readonly Session[];
}

/**
 * Applies an event to a list, for whichever of its rows it is about. `items`
 * gets a new identity if a row changed, a row is new (put first) or is gone.
 * The list's order and filter are the caller's.
 */
export function applyToList(list: SessionList, e: Event): boolean {
  if (e.seq <= list.seq) return false;
  list.seq = e.seq;
  if (e.kind === 'session_purged') return drop(list, e.session);
  const i = list.items.findIndex((s) => s.id === e.session);
  const before = list.items[i];
  if (before === undefined) {
    if (e.kind === 'session_created') list.items = [created(e.session, e.at, e.body), ...list.items];
    else if (e.kind === 'session_found') list.items = [found(e.session, e.body), ...list.items];
    else return false;
    return true;
  }
  const after = applyHeadline(before, e);
  if (after === before) return false;
  list.items = list.items.map((s) => (s === before ? after : s));
  return true;
}

function drop(list: SessionList, id: string): boolean {
  const rest = list.items.filter((s) => s.id !== id);
  if (rest.length === list.items.length) return false;
  list.items = rest;
  return true;
}
