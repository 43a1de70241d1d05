import type {
  Ask,
  Failure,
  How,
  Json,
  Origin,
  Part,
  PlanItem,
  Prompt,
  Ref,
  StoredRow,
  Stream,
  TitleBy,
  ToolState,
  Turn,
  TurnState,
  Usage,
} from './types';

type None = Record<string, never>;

/** What each kind of event carries. The keys are all kinds this page knows. */
export interface Bodies {
  turn_queued: {
    parent: string | null;
    replaces: string | null;
    continues: string | null;
    origin: Origin;
    prompt: Prompt;
    first: boolean;
    compress?: boolean;
  };
  turn_edited: { prompt: Prompt };
  turn_withdrawn: None;
  queue_changed: { order: string[]; held: boolean };
  turn_started: {
    parent: string | null;
    variants: string[];
    agent: string;
    model: string;
    workspace?: string;
    effort?: string;
  };
  steered: { part: string; text: string };
  turn_ended: { state: TurnState; error: Failure | null };
  head_moved: { head: string | null };
  turn_imported: { turn: Turn; rows: StoredRow[] };
  turn_stored: { rows: StoredRow[] };
  part_opened: { part: Part };
  text_appended: { part: string; stream: Stream; at: number; text: string };
  output_skipped: { part: string; at: number; bytes: number };
  tool_updated: { part: string; title: string; args: Json; state: ToolState; result: Json; error: string };
  plan_updated: { part: string; items: PlanItem[] };
  subagent_updated: { part: string; state: ToolState; summary: string };
  part_closed: { part: string };
  usage_reported: { usage: Usage };
  ask_raised: { ask: Ask };
  ask_closed: { ask: string; how: How; choice: string; text: string; command: string; by: string };
  session_created: { title: string; agent: string; workspace: string; model: string; effort: string; profile: string };
  session_changed: {
    title?: string;
    title_by?: TitleBy;
    agent?: string;
    workspace?: string;
    model?: string;
    effort?: string;
    profile?: string;
    pinned?: boolean;
    archived?: boolean;
    project?: string;
    tags?: string[];
    read_seq?: number;
  };
  session_forked: { from: Ref };
  session_found: {
    source: string;
    agent: string;
    profile: string;
    title: string;
    workspace: string;
    model: string;
    stored: string[];
    created_at: string;
    updated_at: string;
  };
  session_caught_up: { head: string };
  session_stored: { id: string };
  session_trashed: None;
  session_restored: None;
  session_purged: None;
}

export type Kind = keyof Bodies;

interface Envelope<K extends Kind> {
  seq: number;
  at: string;
  session: string;
  turn: string | null;
  kind: K;
  body: Bodies[K];
}

export type EventOf<K extends Kind> = { [P in K]: Envelope<P> }[K];
export type Event = EventOf<Kind>;

/** Every kind this page knows: true = a headline, sent whatever a client has open. */
const headline: Record<Kind, boolean> = {
  turn_queued: true,
  turn_edited: true,
  turn_withdrawn: true,
  queue_changed: true,
  turn_started: true,
  steered: false,
  turn_ended: true,
  head_moved: true,
  turn_imported: false,
  turn_stored: false,
  part_opened: false,
  text_appended: false,
  output_skipped: false,
  tool_updated: false,
  plan_updated: false,
  subagent_updated: false,
  part_closed: false,
  usage_reported: false,
  ask_raised: true,
  ask_closed: true,
  session_created: true,
  session_changed: true,
  session_forked: true,
  session_found: true,
  session_caught_up: true,
  session_stored: true,
  session_trashed: true,
  session_restored: true,
  session_purged: true,
};

export const kinds = Object.keys(headline) as Kind[];

export function isKind(name: string): name is Kind {
  return Object.hasOwn(headline, name);
}

export function isHeadline(kind: Kind): boolean {
  return headline[kind];
}
