import type { Json, ToolCallPart } from '../../fold/types';

/** What a tool's result says for the page, by kind: see server/agent/direct/tool/result.go. */
export type Kind = 'file' | 'diff' | 'entries' | 'hits' | 'exit' | 'web' | 'answer' | 'plan' | 'mcp';

export interface Facts {
  /** null: a result of another agent, or of a newer server. It is shown as text. */
  kind: Kind | null;
  note: string;
  path: string;
  lines: number | null;
  diff: string;
  added: number | null;
  removed: number | null;
  created: boolean;
  count: number | null;
  files: number | null;
  exit: number | null;
  timedOut: boolean;
  url: string;
  /** Of a page. */
  title: string;
  status: number | null;
  type: string;
  bytes: number | null;
}

const kinds: ReadonlySet<string> = new Set<Kind>(['file', 'diff', 'entries', 'hits', 'exit', 'web', 'answer', 'plan', 'mcp']);

/** The facts of a call; what is missing or of another type is as good as not said. */
export function factsOf(call: Pick<ToolCallPart, 'result'>): Facts {
  const r = call.result;
  const kind = text(r, 'kind');
  return {
    kind: kinds.has(kind) ? (kind as Kind) : null,
    note: text(r, 'note'),
    path: text(r, 'path'),
    lines: number(r, 'lines'),
    diff: text(r, 'diff'),
    added: number(r, 'added'),
    removed: number(r, 'removed'),
    created: field(r, 'created') === true,
    count: number(r, 'count'),
    files: number(r, 'files'),
    exit: number(r, 'exit_code'),
    timedOut: field(r, 'timed_out') === true,
    url: text(r, 'url'),
    title: text(r, 'title'),
    status: number(r, 'status'),
    type: text(r, 'type'),
    bytes: number(r, 'bytes'),
  };
}

/** A member of a JSON object; undefined where there is none. */
export function field(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value[name];
}

/** A member that is a string, else "". */
export function text(value: Json, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function number(value: Json, name: string): number | null {
  const found = field(value, name);
  return typeof found === 'number' ? found : null;
}
