import type { Bodies, Event, EventOf } from './event';
import type { Part, Turn } from './types';

/** null: something that came before was missed; load the snapshot. */
export type Folded<T> = T | null;

export function newTurn(e: EventOf<'turn_queued'>): Turn {
  const { parent, replaces, continues, origin, prompt, compress } = e.body;
  return {
    id: e.turn ?? '',
    session: e.session,
    parent,
    replaces,
    continues,
    origin,
    ...(compress && { compress }),
    state: 'queued',
    agent: '',
    model: '',
    prompt,
    variants: [],
    parts: [],
    error: null,
    usage: null,
    queued_at: e.at,
    started_at: null,
    ended_at: null,
  };
}

/**
 * Applies one of a turn's own events, but its first (newTurn). `waits` is the
 * number of its asks that are open after the event.
 */
export function foldTurn(t: Turn, e: Event, waits: number): Folded<Turn> {
  switch (e.kind) {
    case 'turn_edited':
      return { ...t, prompt: e.body.prompt };
    case 'turn_withdrawn':
      return { ...t, state: 'withdrawn', ended_at: e.at };
    case 'turn_started':
      return { ...t, ...started(e.body), state: 'running', started_at: e.at };
    case 'ask_raised':
      return { ...t, state: 'waiting' };
    case 'ask_closed':
      return waits === 0 ? { ...t, state: 'running' } : t;
    case 'turn_ended':
      return { ...t, state: e.body.state, error: e.body.error, ended_at: e.at };
    case 'usage_reported':
      return { ...t, usage: e.body.usage };
    case 'part_opened':
      return open(t, { ...e.body.part, opened_at: e.at });
    case 'steered':
      return open(t, steered(e));
    case 'text_appended':
      return edit(t, e.body.part, (p) => append(p, e.body));
    case 'output_skipped':
      return edit(t, e.body.part, (p) =>
        p.kind === 'tool_call' ? { ...p, skipped: { at: e.body.at, bytes: e.body.bytes } } : null,
      );
    case 'tool_updated':
      return edit(t, e.body.part, (p) => (p.kind === 'tool_call' ? { ...p, ...tool(e.body) } : null));
    case 'plan_updated':
      return edit(t, e.body.part, (p) => (p.kind === 'plan' ? { ...p, items: e.body.items } : null));
    case 'subagent_updated':
      return edit(t, e.body.part, (p) => (p.kind === 'subagent' ? { ...p, state: e.body.state, summary: e.body.summary } : null));
    case 'part_closed':
      return edit(t, e.body.part, (p) => ({ ...p, closed_at: e.at }));
    default:
      return null; // no event of a turn that exists
  }
}

function started({ parent, variants, agent, model, workspace, effort }: Bodies['turn_started']) {
  return { parent, variants, agent, model, ...(workspace && { workspace }), ...(effort && { effort }) };
}

/** Picked by name: a newer server may send more fields. */
function tool({ title, args, state, result, error }: Bodies['tool_updated']) {
  return { title, args, state, result, error };
}

function steered(e: EventOf<'steered'>): Part {
  const { part: id, text } = e.body;
  return { kind: 'notice', id, parent: null, opened_at: e.at, closed_at: e.at, level: 'steer', text };
}

function open(t: Turn, part: Part): Folded<Turn> {
  if (t.parts.some((p) => p.id === part.id)) return null;
  return { ...t, parts: [...t.parts, part] };
}

function edit(t: Turn, id: string, change: (p: Part) => Folded<Part>): Folded<Turn> {
  const i = t.parts.findLastIndex((p) => p.id === id);
  const before = t.parts[i];
  const after = before && change(before);
  if (!after) return null;
  const parts = t.parts.slice();
  parts[i] = after;
  return { ...t, parts };
}

function append(p: Part, b: Bodies['text_appended']): Folded<Part> {
  if (p.kind === 'tool_call' && b.stream === 'out') {
    const out = put(p.out, b.at, b.text);
    return out === null ? null : { ...p, out };
  }
  if ((p.kind === 'text' || p.kind === 'reasoning') && b.stream === 'text') {
    const text = put(p.text, b.at, b.text);
    return text === null ? null : { ...p, text };
  }
  return null;
}

/**
 * The one rule of every reader: at the end it appends, before the end it cuts
 * to `at` and appends, past the end or inside a character it is a gap (null).
 */
export function put(text: string, at: number, more: string): Folded<string> {
  if (at === text.length) return text + more;
  if (at < 0 || at > text.length || splitsPair(text, at)) return null;
  return text.slice(0, at) + more;
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
