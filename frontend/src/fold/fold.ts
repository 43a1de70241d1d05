import type { Event } from './event';
import { applyHeadline } from './session';
import { type Folded, foldTurn, newTurn } from './turn';
import type { Snapshot, Turn } from './types';

export { applyHeadline, applyToList, type SessionList } from './session';

/** A snapshot that events change in place; everything inside is copied on write. */
export type SnapshotState = Snapshot;

/** `reload`: the state cannot go on; forget it and load the session's snapshot. */
export type Applied = 'ok' | 'drop' | 'reload';

/**
 * Takes the next event: the same rule as Go's fold (server/chat/fold.go), held
 * together by shared fixtures. Changed turns, parts and lists get a new
 * identity, all others keep theirs. What the state already covers, and events
 * of other sessions, are dropped.
 */
export function applyEvent(state: SnapshotState, e: Event): Applied {
  if (e.session !== state.session.id || e.seq <= state.seq) return 'drop';
  state.session = applyHeadline(state.session, e);
  if (!fold(state, e)) return 'reload';
  state.seq = e.seq;
  return 'ok';
}

function fold(s: SnapshotState, e: Event): boolean {
  switch (e.kind) {
    case 'session_created':
    case 'session_changed':
    case 'session_found':
    case 'session_stored':
    case 'turn_imported':
    case 'turn_stored':
    case 'session_trashed':
    case 'session_restored':
    case 'session_purged':
      return true;
    case 'session_forked':
    case 'session_caught_up':
      return false; // the path is another session's, or was taken from elsewhere
    case 'turn_queued':
      return enqueue(s, newTurn(e), e.body.first);
    case 'turn_edited':
    case 'turn_withdrawn':
      return waiting(s, e);
    case 'queue_changed':
      return reorder(s, e.body.order, e.body.held);
    case 'turn_started':
      return start(s, e, e.body.parent);
    case 'head_moved':
      return cut(s, e.body.head);
    case 'ask_raised':
      s.asks = [...s.asks, { ...e.body.ask, session: e.session, turn: e.turn ?? '', raised_at: e.at }];
      return live(s, e);
    case 'ask_closed':
      s.asks = s.asks.filter((a) => a.id !== e.body.ask);
      return live(s, e);
    case 'turn_ended':
      s.asks = s.asks.filter((a) => a.turn !== e.turn);
      return live(s, e);
    case 'steered':
    case 'part_opened':
    case 'text_appended':
    case 'output_skipped':
    case 'tool_updated':
    case 'plan_updated':
    case 'subagent_updated':
    case 'part_closed':
    case 'usage_reported':
      return live(s, e);
    default:
      return unknown(e);
  }
}

/** A kind from a newer server: its meaning may be anything, so nothing is guessed. */
function unknown(_: never): boolean {
  return false;
}

function enqueue(s: SnapshotState, t: Turn, first: boolean): boolean {
  s.queue = { ...s.queue, turns: first ? [t, ...s.queue.turns] : [...s.queue.turns, t] };
  return true;
}

/** An event of a turn that waits in the queue. */
function waiting(s: SnapshotState, e: Event): boolean {
  const i = s.queue.turns.findIndex((t) => t.id === e.turn);
  const next = foldAt(s, s.queue.turns, i, e);
  if (!next) return false;
  const turns = next.state === 'withdrawn' ? without(s.queue.turns, i) : replaced(s.queue.turns, i, next);
  s.queue = { ...s.queue, turns };
  return true;
}

function reorder(s: SnapshotState, order: string[], held: boolean): boolean {
  const byId = new Map(s.queue.turns.map((t) => [t.id, t]));
  const turns = order.map((id) => byId.get(id)).filter((t) => t !== undefined);
  if (order.length !== s.queue.turns.length || turns.length !== order.length) return false;
  s.queue = { held, turns };
  return true;
}

/** Moves a turn from the queue to the end of the path. */
function start(s: SnapshotState, e: Event, parent: string | null): boolean {
  const i = s.queue.turns.findIndex((t) => t.id === e.turn);
  const next = foldAt(s, s.queue.turns, i, e);
  if (!next || !cut(s, parent)) return false;
  s.queue = { ...s.queue, turns: without(s.queue.turns, i) };
  s.turns = [...s.turns, next];
  return true;
}

/**
 * Ends the path at a turn. One that is not in the loaded path is a gap: the
 * other variant's turns are only in its snapshot.
 */
function cut(s: SnapshotState, head: string | null): boolean {
  if (head === null) {
    s.turns = [];
    s.before = null;
    return true;
  }
  const i = s.turns.findLastIndex((t) => t.id === head);
  if (i < 0) return false;
  s.turns = s.turns.slice(0, i + 1);
  return true;
}

/** An event of a turn on the path. */
function live(s: SnapshotState, e: Event): boolean {
  const i = s.turns.findLastIndex((t) => t.id === e.turn);
  const next = foldAt(s, s.turns, i, e);
  if (!next) return false;
  s.turns = replaced(s.turns, i, next);
  return true;
}

function foldAt(s: SnapshotState, turns: Turn[], i: number, e: Event): Folded<Turn> {
  const turn = turns[i];
  return turn ? foldTurn(turn, e, s.asks.filter((a) => a.turn === turn.id).length) : null;
}

function replaced(turns: Turn[], i: number, next: Turn): Turn[] {
  const copy = turns.slice();
  copy[i] = next;
  return copy;
}

function without(turns: Turn[], i: number): Turn[] {
  return turns.filter((_, at) => at !== i);
}
