import type { Json, ToolCallPart } from '../../fold/types';
import { t } from '../../i18n';

type Sort = 'read' | 'edit' | 'search' | 'run' | 'list' | 'fetch' | 'other';

/** First match wins: `search_files` is a search and `read_web_page` a page. */
const sorts: readonly [Sort, RegExp][] = [
  ['search', /search|grep|find|glob/],
  ['fetch', /fetch|web|browse|url|http/],
  ['list', /list|^ls$|tree/],
  ['edit', /edit|write|patch|replace|create_file|delete_file/],
  ['read', /read|view|open|^cat$/],
  ['run', /run|exec|shell|bash|command|terminal|process/],
];

export function sortOf(name: string): Sort {
  const low = name.toLowerCase();
  return sorts.find(([, re]) => re.test(low))?.[0] ?? 'other';
}

/** Several calls as one sentence: "Read 4 files, searched twice, ran 1 command". */
export function sentence(calls: readonly ToolCallPart[]): string {
  const counts = new Map<Sort, number>();
  for (const c of calls) counts.set(sortOf(c.name), (counts.get(sortOf(c.name)) ?? 0) + 1);
  const words = Array.from(counts, ([sort, n]) => phrase(sort, n)).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function phrase(sort: Sort, n: number): string {
  if (sort !== 'search') return t(`chat.tool_${sort}`, { n });
  if (n === 1) return t('chat.tool_search_1');
  return n === 2 ? t('chat.tool_search_2') : t('chat.tool_search', { n });
}

export function verb(call: ToolCallPart): string {
  const sort = sortOf(call.name);
  return sort === 'other' ? call.name : t(`chat.verb_${sort}`);
}

const targets = ['path', 'file_path', 'file', 'command', 'cmd', 'pattern', 'query', 'url', 'dir', 'folder'];

/** What the call was about: the argument that names it, else its title. */
export function target(call: ToolCallPart): string {
  const named = targets.map((k) => field(call.args, k)).find((v) => typeof v === 'string' && v !== '');
  if (typeof named === 'string') return named;
  return call.title !== call.name ? call.title : '';
}

export interface Result {
  text: string;
  bad: boolean;
}

/** The few words at the end of a row. */
export function resultOf(call: ToolCallPart): Result {
  const exit = field(call.result, 'exit_code');
  const lines = field(call.result, 'lines');
  switch (call.state) {
    case 'failed':
      return { text: oneLine(call.error) || t('chat.tool_failed'), bad: true };
    case 'stopped':
      return { text: t('chat.tool_stopped'), bad: false };
    case 'unknown':
      return { text: t('chat.tool_unknown'), bad: true };
    case 'waiting':
      return { text: t('chat.tool_waits'), bad: false };
    case 'pending':
      return { text: t('chat.tool_pending'), bad: false };
    case 'running':
      return { text: '', bad: false };
    case 'done':
      if (typeof exit === 'number') return { text: t('chat.tool_exit', { n: String(exit) }), bad: exit !== 0 };
      return { text: typeof lines === 'number' ? t('chat.tool_lines', { n: lines }) : '', bad: false };
    default:
      return unknown(call.state);
  }
}

/** A newer server may know more states: shown as it is called. */
function unknown(state: never): Result {
  return { text: String(state), bad: false };
}

function oneLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** What a row opens: the output, else what the tool answered. */
export function output(call: ToolCallPart): string {
  const said = call.out !== '' ? call.out : answer(call.result);
  const why = call.state === 'failed' && call.error !== '' && !said.includes(call.error) ? call.error : '';
  return [said.replace(/\n+$/, ''), why].filter((x) => x !== '').join('\n');
}

function answer(result: Json): string {
  if (result === null) return '';
  if (typeof result === 'string') return result;
  const text = field(result, 'text') ?? field(result, 'output') ?? field(result, 'content');
  return typeof text === 'string' ? text : JSON.stringify(result, null, 2);
}

/** At most `max` lines and how many there are. */
export function head(text: string, max: number): { text: string; shown: number; all: number } {
  if (text === '') return { text, shown: 0, all: 0 };
  const lines = text.split('\n');
  return { text: lines.slice(0, max).join('\n'), shown: Math.min(max, lines.length), all: lines.length };
}

/** The newest lines: for output that still grows. */
export function tail(text: string, max: number): string {
  const trimmed = text.replace(/\n+$/, '').slice(-8000);
  return trimmed.split('\n').slice(-max).join('\n');
}

/** From the start of the first to the end of the last call, in milliseconds. */
export function span(calls: readonly ToolCallPart[], now: number): number {
  const from = Math.min(...calls.map((c) => Date.parse(c.opened_at)));
  const to = Math.max(...calls.map((c) => (c.closed_at === null ? now : Date.parse(c.closed_at))));
  return to - from;
}

function field(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value[name];
}
