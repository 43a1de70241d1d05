import { masked } from '../../app/mask';
import type { Json, ToolCallPart } from '../../fold/types';
import { t } from '../../i18n';
import { bytes } from './amounts';
import { plain } from './ansi';
import { type Facts, factsOf, field, text } from './facts';
import { endOf, nameOf } from './tools/names.svelte';
import type { Worded } from './tools/wording';

export type Sort = 'read' | 'write' | 'edit' | 'search' | 'run' | 'list' | 'fetch' | 'plan' | 'ask' | 'mcp' | 'other';

/** The tools of the built-in agent. */
const known: Readonly<Record<string, Sort>> = {
  read_file: 'read',
  write_file: 'write',
  edit_file: 'edit',
  list_dir: 'list',
  search_files: 'search',
  shell: 'run',
  fetch_url: 'fetch',
  plan: 'plan',
  ask_user: 'ask',
  todo: 'plan', // from here on: of the Hermes Agent
  clarify: 'ask',
  patch: 'edit',
};

/** Names of other agents' tools. First match wins: `grep_files` is a search and `read_web_page` a page. */
const sorts: readonly [Sort, RegExp][] = [
  ['search', /search|grep|find|glob/],
  ['fetch', /fetch|web|browse|url|http/],
  ['list', /list|^ls$|tree/],
  ['edit', /edit|write|patch|replace|create_file|delete_file/],
  ['read', /read|view|open|^cat$/],
  ['run', /run|exec|shell|bash|command|terminal|process/],
];

export function sortOf(name: string): Sort {
  if (Object.hasOwn(known, name)) return known[name] ?? 'other'; // a model may call a tool `constructor`
  if (serverOf(name) !== '') return 'mcp';
  const low = name.toLowerCase();
  return sorts.find(([, re]) => re.test(low))?.[0] ?? 'other';
}

/** The MCP server of a tool called `server__tool`, or `mcp__server__tool` by the Hermes Agent; "" = it is none. */
export function serverOf(name: string): string {
  return /^(?:mcp__)?(.+?)__.+$/.exec(name)?.[1] ?? '';
}

/** What the words for the tools of the Hermes Agent say of a call. */
function told(call: ToolCallPart): Worded | null {
  return Object.hasOwn(known, call.name) || serverOf(call.name) !== '' ? null : nameOf(call);
}

/** Several calls as one sentence: "Read 4 files, searched twice, ran 1 command, used github". */
export function sentence(calls: readonly ToolCallPart[]): string {
  const groups = new Map<string, ToolCallPart[]>();
  for (const c of calls) {
    const sort = sortOf(c.name);
    const key = sort === 'mcp' ? `mcp ${serverOf(c.name)}` : (told(c)?.group ?? sort);
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  const words = Array.from(groups.values(), phrase).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function phrase(calls: readonly ToolCallPart[]): string {
  const name = calls[0]?.name ?? '';
  const words = calls[0] && told(calls[0]);
  const n = calls.length;
  if (words) return words.sum(n);
  const sort = sortOf(name);
  switch (sort) {
    case 'search':
      if (n === 1) return t('chat.tool_search_1');
      return n === 2 ? t('chat.tool_search_2') : t('chat.tool_search', { n });
    case 'read':
    case 'write':
    case 'edit':
    case 'list':
      return t(`chat.tool_${sort}`, { n: things(calls) });
    case 'plan':
      return t('chat.tool_plan');
    case 'mcp':
      return t('chat.tool_mcp', { name: serverOf(name) });
    case 'run':
    case 'fetch':
    case 'ask':
    case 'other':
      return t(`chat.tool_${sort}`, { n });
    default:
      return sort satisfies never;
  }
}

/** The same file read twice is one file. */
function things(calls: readonly ToolCallPart[]): number {
  const named = calls.map(target);
  return new Set(named.filter((x) => x !== '')).size + named.filter((x) => x === '').length;
}

export function verb(call: ToolCallPart): string {
  const sort = sortOf(call.name);
  if (sort === 'mcp') return serverOf(call.name);
  const words = told(call);
  if (words) return words.verb;
  return sort === 'other' ? call.name : t(`chat.verb_${sort}`);
}

const targets = ['path', 'file_path', 'file', 'command', 'cmd', 'pattern', 'query', 'url', 'dir', 'folder', 'question'];

/** What the call was about: the argument that names it, else its title. */
export function target(call: ToolCallPart): string {
  const sort = sortOf(call.name);
  const first = sort === 'search' ? ['pattern', 'query', ...targets] : targets;
  const named = first.map((k) => text(call.args, k)).find((v) => v !== '');
  if (sort === 'mcp') return oneLine(masked(used(call, named)), 200);
  const words = told(call);
  const about = words ? words.about : (named ?? patched(call));
  if (about !== undefined && (about !== '' || call.args !== null)) return oneLine(masked(about), 200);
  const title = call.title !== call.name ? call.title : '';
  return oneLine(masked(words || sort !== 'other' ? title.replace(/^[A-Z]\w+ing (?=\S)/, '') : title), 200);
}

/** The tool of an MCP server in words, and what it was used on. */
function used(call: ToolCallPart, named: string | undefined): string {
  const tool = (call.name.split('__').at(-1) ?? '').replaceAll('_', ' ');
  return named === undefined ? tool : `${tool}: ${named}`;
}

/** The file that a patch of the Hermes Agent changes first. */
function patched(call: ToolCallPart): string | undefined {
  return /^\*\*\* \w+ File: (.+)$/m.exec(text(call.args, 'patch'))?.[1];
}

/** Whether the target is the path of a file or a folder. */
export function isPath(call: ToolCallPart): boolean {
  const sort = sortOf(call.name);
  if (told(call)) return false;
  return sort === 'read' || sort === 'write' || sort === 'edit' || sort === 'list';
}

export interface Result {
  text: string;
  bad: boolean;
  /** Lines of a diff; null: it is none. */
  changed: { added: number; removed: number } | null;
}

/** The few words at the end of a row. */
export function resultOf(call: ToolCallPart): Result {
  switch (call.state) {
    case 'failed':
      return { text: failedWords(call), bad: true, changed: null };
    case 'stopped':
      return say(t('chat.tool_stopped'));
    case 'unknown':
      return say(t('chat.tool_unknown'), true);
    case 'waiting':
      return say(t('chat.tool_waits'));
    case 'pending':
      return say(t('chat.tool_pending'));
    case 'running':
      return say('');
    case 'done':
      return finished(call, factsOf(call));
    default:
      return say(String(call.state satisfies never)); // a newer server may know more states
  }
}

function say(words: string, bad = false): Result {
  return { text: words, bad, changed: null };
}

function finished(call: ToolCallPart, f: Facts): Result {
  const told = f.kind === null && f.exit === null && call.result !== null ? endOf(call) : '';
  if (told !== '') return say(told);
  if (f.timedOut) return say(t('chat.tool_timed_out'), true);
  if (f.exit !== null) return say(t('chat.tool_exit', { n: String(f.exit) }), f.exit !== 0);
  if (f.kind === 'diff') {
    const changed = { added: f.added ?? 0, removed: f.removed ?? 0 };
    return { text: f.created ? t('chat.tool_created') : '', bad: false, changed };
  }
  if (f.kind === 'hits') return say(hitWords(f));
  if (f.kind === 'entries') return say(f.count === null ? '' : t('chat.tool_entries', { n: f.count }));
  if (f.kind === 'web') return say(webWords(f), (f.status ?? 0) >= 400);
  if (f.kind === 'answer') return say(t('chat.tool_answered'));
  if (f.lines !== null) return say(t('chat.tool_lines', { n: f.lines }));
  return say(f.kind === 'file' && f.bytes !== null ? bytes(f.bytes) : '');
}

function hitWords(f: Facts): string {
  if (f.count === 0) return t('chat.tool_hits_none');
  if (f.count === null) return '';
  const hits = t('chat.tool_hits', { n: f.count });
  return f.files === null ? hits : t('chat.tool_hits_in', { hits, n: f.files });
}

function webWords(f: Facts): string {
  return [f.status === null ? '' : String(f.status), f.bytes === null ? '' : bytes(f.bytes)].filter((x) => x !== '').join(', ');
}

/** Up to here a reason stands at the end of the row; a longer one is what the row opens. */
const shortReason = 28;

/** What a command did comes before what is said about it. */
function failedWords(call: ToolCallPart): string {
  const f = factsOf(call);
  const why = whyOf(call);
  const said = why.length <= shortReason && !why.includes('\n') ? why : '';
  if (isDenied(call)) return said === '' ? t('chat.tool_denied') : t('chat.tool_denied_why', { why: said });
  if (isBlocked(call)) return t(/^BLOCKED: \w+ timed out/.test(call.error) ? 'chat.tool_unanswered' : 'chat.tool_blocked');
  if (f.timedOut) return t('chat.tool_timed_out');
  if (f.exit !== null) return t('chat.tool_exit', { n: String(f.exit) });
  return said || t('chat.tool_failed');
}

/** Why a call failed, where neither the row nor the output says it already. */
export function reason(call: ToolCallPart): string {
  const why = call.state === 'failed' ? whyOf(call) : '';
  return why === '' || masked(call.out).includes(why) || failedWords(call).includes(why) ? '' : why;
}

/** Denied by a person: by the built-in agent's words, else by Hermes' (tools/approval.py). */
export function isDenied(call: ToolCallPart): boolean {
  return /^(denied\b|BLOCKED: (\w+ denied by user|User denied))/.test(call.error);
}

/** Hermes gives what it did not run an exit code, too. */
function isBlocked(call: ToolCallPart): boolean {
  return call.error.startsWith('BLOCKED');
}

/** The error in words for people: a denial is told to the model with what to do about it, see server/agent/direct/gate.go. */
function whyOf(call: ToolCallPart): string {
  const error = masked(plain(call.error)).trim();
  if (!isDenied(call)) return error;
  return (
    /^denied by the user, who says: (.*)$/s.exec(error)?.[1] ??
    /Reason given by the user: "(.*)"\. The user/s.exec(error)?.[1] ??
    ''
  );
}

function oneLine(words: string, max: number): string {
  const line = words.trim().split('\n', 1)[0] ?? '';
  return line.length > max || line.length < words.trim().length ? `${line.slice(0, max - 1)}…` : line;
}

/** What a row opens as text: the output, else what the tool answered. Secrets are not in it. */
export function output(call: ToolCallPart): string {
  const said = call.out !== '' ? call.out : answer(call.result);
  const words = said.replace(/\n+$/, '');
  const read = plain(words); // a colour may begin within a key
  const shown = masked(read);
  return shown === read ? words : shown;
}

/** Results of the built-in tools are facts for the page and no text to read. */
function answer(result: Json): string {
  if (result === null) return '';
  if (typeof result === 'string') return result;
  if (factsOf({ result }).kind !== null) return '';
  const said = field(result, 'text') ?? field(result, 'output') ?? field(result, 'content');
  return typeof said === 'string' ? said : JSON.stringify(result, null, 2);
}

/** At most `max` lines and how many there are. */
export function head(words: string, max: number): { text: string; shown: number; all: number } {
  if (words === '') return { text: words, shown: 0, all: 0 };
  const lines = words.split('\n');
  return { text: lines.slice(0, max).join('\n'), shown: Math.min(max, lines.length), all: lines.length };
}

/** The newest lines: for output that still grows. */
export function tail(words: string, max: number): string {
  const trimmed = words.slice(-16_000).replace(/\n+$/, '');
  return plain(masked(trimmed).slice(-8000)).split('\n').slice(-max).join('\n');
}

/** From the start of the first to the end of the last call, in milliseconds. */
export function span(calls: readonly ToolCallPart[], now: number): number {
  const from = Math.min(...calls.map((c) => Date.parse(c.opened_at)));
  const to = Math.max(...calls.map((c) => (c.closed_at === null ? now : Date.parse(c.closed_at))));
  return to - from;
}
