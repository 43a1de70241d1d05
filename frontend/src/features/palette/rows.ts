import { match } from '../../app/actions/fuzzy';

export const kinds = ['sessions', 'files', 'do', 'models', 'settings'] as const;
export type Kind = (typeof kinds)[number];

/** Something that can be found. */
export interface Entry {
  /** Unique, and the same tomorrow: it is remembered. */
  key: string;
  kind: Kind;
  text: string;
  /** What it is found by beside its text. */
  also?: string;
}

export interface Found<E extends Entry> {
  entry: E;
  marks: [number, number][];
}

export interface Group<E extends Entry> {
  kind: Kind;
  items: Found<E>[];
  /** How many more there are. */
  more: number;
}

const prefixes: Readonly<Record<string, Kind>> = { '>': 'do', '#': 'sessions', '/': 'settings', '@': 'files' };

/** What is written, without the sign that says where to look. `only` null: everywhere. */
export function read(query: string): { only: Kind | null; words: string } {
  const text = query.trimStart();
  const only = prefixes[text.charAt(0)] ?? null;
  return { only, words: (only === null ? text : text.slice(1)).trim() };
}

/** How many rows of a group are drawn: a few beside others, more where it is alone. */
const few = 6;
const many = 60;

/**
 * The entries that are found, by kind, the best first; what was chosen lately
 * goes before what fits as well. Entries whose key is in `given` count as found
 * even where the words are not in their text: the server says so.
 */
export function find<E extends Entry>(
  entries: readonly E[],
  query: string,
  lately: readonly string[],
  given: ReadonlySet<string> = new Set(),
): Group<E>[] {
  const { only, words } = read(query);
  return kinds.flatMap((kind) => {
    if (only !== null && only !== kind) return [];
    if (only === null && words === '' && (kind === 'models' || kind === 'settings')) return [];
    const found = rank(
      entries.filter((e) => e.kind === kind),
      words,
      lately,
      given,
    );
    const limit = only === null ? few : many;
    return found.length === 0 ? [] : [{ kind, items: found.slice(0, limit), more: Math.max(0, found.length - limit) }];
  });
}

function rank<E extends Entry>(
  entries: readonly E[],
  words: string,
  lately: readonly string[],
  given: ReadonlySet<string>,
): Found<E>[] {
  const place = new Map(lately.map((key, i) => [key, lately.length - i]));
  const found = entries.flatMap((entry) => {
    const bonus = place.get(entry.key) ?? 0;
    const hit = match(entry.text, words);
    if (hit) return [{ entry, marks: hit.marks, score: (words === '' ? 0 : hit.score) + bonus / 10 }];
    const other = entry.also === undefined ? null : match(`${entry.text} ${entry.also}`, words);
    if (!other && !given.has(entry.key)) return [];
    return [{ entry, marks: [], score: (other ? other.score / 4 : -10) + bonus / 10 }];
  });
  return found.sort((a, b) => b.score - a.score); // stable: what is equal keeps its order
}
