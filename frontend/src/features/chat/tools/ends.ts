import type { Json, ToolCallPart } from '../../../fold/types';
import { t as page } from '../../../i18n';
import { t } from '../../../i18n/tools';
import { bytes } from '../amounts';
import { field, text } from '../facts';

/**
 * What a call of the Hermes Agent came to, in a few words; "" where its result does not say. The shapes are those of
 * tools/file_operations.py, web_tools.py and session_search_tool.py of hermes-agent 0.19.
 */
export function endOf({ name, result, out }: Pick<ToolCallPart, 'name' | 'result' | 'out'>): string {
  switch (name) {
    case 'read_file':
      return linesOf(result, out);
    case 'search_files':
      return matchesOf(result);
    case 'web_search':
      return found(field(field(result, 'data') ?? null, 'web'));
    case 'session_search':
      return found(field(result, 'results'));
    case 'web_extract':
      return count(field(result, 'results'), (n) => t('tools.end.pages', { n }));
    default:
      return '';
  }
}

/** How many lines were read, and of how many where that is not all of them. */
function linesOf(result: Json, out: string): string {
  const of = number(result, 'total_lines');
  if (of === null) return '';
  if (field(result, 'is_binary') === true) return bytes(number(result, 'file_size') ?? 0);
  const n = number(result, 'lines') ?? lines(text(result, 'content') || out);
  return n < of ? page('chat.tool_lines_of', { n, of }) : page('chat.tool_lines', { n });
}

function matchesOf(result: Json): string {
  const n = number(result, 'total_count');
  if (n === null) return '';
  if (n === 0) return page('chat.tool_hits_none');
  if (Array.isArray(field(result, 'files'))) return t('tools.end.files', { n });
  const files = filesOf(result);
  const hits = page('chat.tool_hits', { n });
  return files === 0 || field(result, 'truncated') === true ? hits : page('chat.tool_hits_in', { hits, n: files });
}

/** In how many files it was found: matches come as a list, as text by file, or only counted. */
function filesOf(result: Json): number {
  const matches = field(result, 'matches');
  if (Array.isArray(matches)) return new Set(matches.map((m) => text(m, 'path'))).size;
  const counts = field(result, 'counts');
  if (typeof counts === 'object' && counts !== null) return Object.keys(counts).length;
  return text(result, 'matches_text')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('  ')).length;
}

function found(list: Json | undefined): string {
  return count(list, (n) => (n === 0 ? page('chat.tool_hits_none') : t('tools.end.results', { n })));
}

function count(list: Json | undefined, words: (n: number) => string): string {
  return Array.isArray(list) ? words(list.length) : '';
}

/** The agent numbers the end of a file as a line. */
function lines(words: string): number {
  return words === '' ? 0 : words.replace(/\n( *\d+\|)?$/, '').split('\n').length;
}

function number(value: Json, name: string): number | null {
  const n = field(value, name);
  return typeof n === 'number' ? n : null;
}
