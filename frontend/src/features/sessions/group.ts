import type { Ask, Session } from '../../fold/types';

export const groups = ['needs', 'pinned', 'today', 'yesterday', 'week', 'last', 'older'] as const;
export type Group = (typeof groups)[number];

/** What the list shows, line by line. */
export type Line =
  | { kind: 'group'; key: string; group: Group; count: number; closed: boolean }
  | { kind: 'ask'; key: string; id: string; session: Session | null; ask: Ask; count: number }
  | { kind: 'session'; key: string; id: string; session: Session; group: Group };

export type Row = Exclude<Line, { kind: 'group' }>;

/**
 * Sorts sessions (newest first) and open asks into groups. A session that waits for the person stands in "needs" only,
 * and that group cannot be closed.
 */
export function linesOf(rows: readonly Session[], asks: readonly Ask[], now: Date, shut: readonly string[] = []): Line[] {
  const waiting = askRows(rows, asks);
  const needing = new Set(waiting.map((r) => r.id));
  const lines: Line[] = [];
  if (waiting.length > 0)
    lines.push({ kind: 'group', key: 'needs', group: 'needs', count: waiting.length, closed: false }, ...waiting);
  const rest = collect(
    rows.filter((s) => !needing.has(s.id)),
    (s) => (s.pinned ? 'pinned' : age(new Date(s.updated_at), now)),
  );
  for (const group of groups) {
    const members = rest.get(group) ?? [];
    if (members.length === 0) continue;
    const closed = shut.includes(group);
    lines.push({ kind: 'group', key: group, group, count: members.length, closed });
    if (closed) continue;
    for (const session of members) lines.push({ kind: 'session', key: session.id, id: session.id, session, group });
  }
  return lines;
}

export function isRow(line: Line): line is Row {
  return line.kind !== 'group';
}

/** One row for each session that asks, with its oldest ask; the longest waiting comes first. */
function askRows(rows: readonly Session[], asks: readonly Ask[]): Row[] {
  const bySession = collect(
    asks.toSorted((a, b) => (a.raised_at < b.raised_at ? -1 : 1)),
    (a) => a.session,
  );
  return [...bySession].flatMap(([id, list]): Row[] => {
    const [ask] = list;
    if (!ask) return [];
    return [{ kind: 'ask', key: `ask ${id}`, id, session: rows.find((s) => s.id === id) ?? null, ask, count: list.length }];
  });
}

function age(at: Date, now: Date): Group {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000); // rounded: a day may have 23 or 25 hours
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days < 7) return 'week';
  return days < 14 ? 'last' : 'older';
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** The members by key, in the order in which the keys came. */
function collect<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const out = new Map<K, T[]>();
  for (const item of items) {
    const list = out.get(key(item));
    if (list) list.push(item);
    else out.set(key(item), [item]);
  }
  return out;
}
