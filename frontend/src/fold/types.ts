/**
 * The nouns of a conversation as the server sends them. Written by hand beside
 * the generated API types because events travel by SSE, which OpenAPI does not
 * describe; `api/schema.test-d.ts` checks that both agree.
 * Times are RFC 3339 strings with milliseconds in UTC.
 */
export type TurnState = 'queued' | 'running' | 'waiting' | 'done' | 'stopped' | 'failed' | 'interrupted' | 'withdrawn';
export type Origin = 'person' | 'agent' | 'schedule' | 'elsewhere';
export type TitleBy = '' | 'prompt' | 'agent' | 'person';
export type ToolState = 'pending' | 'running' | 'waiting' | 'done' | 'failed' | 'stopped' | 'unknown';
export type PlanState = 'pending' | 'active' | 'done' | 'cancelled';
export type NoticeLevel = 'info' | 'warn' | 'steer';
export type Stream = 'text' | 'out';
export type How = 'answered' | 'expired' | 'withdrawn' | 'lost';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Ref {
  session: string;
  turn: string;
}

/** Where an agent keeps one message of a turn. */
export interface StoredRow {
  id: number;
  role: string;
  digest: string;
  copy?: boolean;
}

export interface Session {
  id: string;
  /** '' = ours; else its transcript is read from the agent that keeps it. */
  foreign: '' | 'mirrored' | 'kept';
  source: string;
  title: string;
  title_by: TitleBy;
  agent: string;
  workspace: string;
  model: string;
  effort: string;
  profile: string;
  pinned: boolean;
  archived: boolean;
  project: string;
  tags: string[];
  stored: string[];
  head: string | null;
  fork_of: Ref | null;
  live: string | null;
  state: TurnState | '';
  queued: number;
  held: boolean;
  asks: number;
  ended_seq: number;
  read_seq: number;
  created_at: string;
  updated_at: string;
  trashed_at: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
}

export interface Prompt {
  text: string;
  attachments: Attachment[];
}

export interface Failure {
  code: string;
  text: string;
  retry_at: string | null;
}

export interface Usage {
  input: number;
  cached: number;
  output: number;
  reasoning: number;
  context: number;
  window: number;
  cost: number;
  /** provider/model that answered; absent where it is not known. */
  model?: string;
}

export interface Skipped {
  at: number;
  bytes: number;
}

export interface PlanItem {
  text: string;
  state: PlanState;
}

interface PartBase {
  id: string;
  parent: string | null;
  opened_at: string;
  closed_at: string | null;
}

export interface TextPart extends PartBase {
  kind: 'text';
  text: string;
}
export interface ReasoningPart extends PartBase {
  kind: 'reasoning';
  text: string;
}
export interface ToolCallPart extends PartBase {
  kind: 'tool_call';
  name: string;
  title: string;
  args: Json;
  state: ToolState;
  out: string;
  skipped: Skipped | null;
  result: Json;
  error: string;
}
export interface FilePart extends PartBase {
  kind: 'file';
  name: string;
  path: string;
  type: string;
  size: number;
  blob: string;
}
export interface PlanPart extends PartBase {
  kind: 'plan';
  items: PlanItem[];
}
export interface SubagentPart extends PartBase {
  kind: 'subagent';
  title: string;
  task: string;
  state: ToolState;
  summary: string;
}
export interface NoticePart extends PartBase {
  kind: 'notice';
  level: NoticeLevel;
  text: string;
  /** From here on the model is told `summary` in place of the turns up to this one. */
  covers?: string;
  summary?: string;
}
export type Part = TextPart | ReasoningPart | ToolCallPart | FilePart | PlanPart | SubagentPart | NoticePart;

export interface Turn {
  id: string;
  session: string;
  parent: string | null;
  replaces: string | null;
  continues: string | null;
  origin: Origin;
  /** No prompt: it shortens what the model is told, and its prompt's text is what to keep in mind. */
  compress?: boolean;
  state: TurnState;
  agent: string;
  model: string;
  workspace?: string;
  effort?: string;
  prompt: Prompt;
  variants: string[];
  parts: Part[];
  error: Failure | null;
  usage: Usage | null;
  queued_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface Choice {
  id: string;
  label: string;
  rule: string;
}
export interface Field {
  id: string;
  label: string;
  secret: boolean;
}
export interface Ask {
  id: string;
  session: string;
  turn: string;
  part: string | null;
  kind: 'approval' | 'question' | 'secret';
  title: string;
  why: string;
  command: string;
  /** A unified diff of what would change. */
  diff?: string;
  danger: string;
  /** How dangerous, 1 to 3; absent where nobody judged it. */
  level?: number;
  /** What of the command is dangerous, in code points. */
  span?: { from: number; to: number };
  choices: Choice[];
  fields: Field[];
  editable: boolean;
  digest: string;
  raised_at: string;
  deadline: string | null;
}

export interface Draft {
  text: string;
  attachments: string[];
  rev: number;
  /** Details of the attachments that are still there; only in answers. */
  files?: Attachment[];
}

export interface Queue {
  held: boolean;
  turns: Turn[];
}

/** A session as of `seq`: load it, then tail from there. */
export interface Snapshot {
  seq: number;
  session: Session;
  turns: Turn[];
  queue: Queue;
  asks: Ask[];
  draft: Draft;
  before: string | null;
}
