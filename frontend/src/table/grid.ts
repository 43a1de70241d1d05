import { type MdElement, type MdNode, textOf } from '../md';

/** A table by its cells. */
export interface Grid {
  head: readonly MdElement[];
  rows: readonly Row[];
}

export interface Row {
  /** Its place as it was written. */
  index: number;
  cells: readonly MdElement[];
}

export type Order = { column: number; down: boolean } | null;

export function gridOf(nodes: readonly MdNode[]): Grid {
  const [table] = nodes.filter(isElement);
  const parts = (table?.kids ?? []).filter(isElement);
  const lines = (tag: string) => parts.find((p) => p.tag === tag)?.kids.filter(isElement) ?? [];
  const cells = (row: MdElement | undefined) => row?.kids.filter(isElement) ?? [];
  return { head: cells(lines('thead')[0]), rows: lines('tbody').map((row, index) => ({ index, cells: cells(row) })) };
}

function isElement(n: MdNode): n is MdElement {
  return typeof n !== 'string';
}

/** The order after a click on a column's head: up, down, as written. */
export function nextOrder(now: Order, column: number): Order {
  if (now?.column !== column) return { column, down: false };
  return now.down ? null : { column, down: true };
}

/**
 * The rows by one column: as numbers where all its filled cells are numbers,
 * else as words with the numbers in them in order. Empty cells come last both ways.
 */
export function sorted(rows: readonly Row[], order: Order): readonly Row[] {
  if (!order) return rows;
  const text = (r: Row) => cellText(r.cells[order.column]);
  const filled = rows.filter((r) => text(r) !== '');
  const empty = rows.filter((r) => text(r) === '');
  const numbers = filled.every((r) => numberOf(text(r)) !== null);
  const compare = numbers
    ? (a: Row, b: Row) => (numberOf(text(a)) ?? 0) - (numberOf(text(b)) ?? 0)
    : (a: Row, b: Row) => words.compare(text(a), text(b));
  return [...filled.sort((a, b) => (order.down ? compare(b, a) : compare(a, b))), ...empty];
}

const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const scale: Record<string, number> = { '': 1, k: 1e3, m: 1e6, b: 1e9, ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3 };
const times: Record<string, number> = { µs: 1e-6, us: 1e-6, ns: 1e-9, ms: 1e-3, s: 1, sec: 1, min: 60, h: 3600, d: 86_400 };
const sizes: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** The number that a cell is, with its sign, currency, per cent or unit; null for anything else. */
export function numberOf(text: string): number | null {
  const m =
    /^([-−+]?)\s*[$€£¥]?\s*(\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:e([-+]?\d+))?\s*([a-zA-Zµ%€£×]{0,4})$/.exec(
      text.trim(),
    );
  if (!m) return null;
  const [, sign = '', digits = '', power = '0', unit = ''] = m;
  const factor = factorOf(unit);
  if (factor === null) return null;
  const size = Number(digits.replace(/[,\s\u202f\u00a0]/g, '')) * 10 ** Number(power) * factor;
  return sign === '-' || sign === '−' ? -size : size;
}

function factorOf(unit: string): number | null {
  if (/^(?:%|€|£|×|x|px|pt|em)?$/.test(unit)) return 1;
  const bare = unit.toLowerCase();
  const of = (table: Record<string, number>, key: string) => (Object.hasOwn(table, key) ? table[key] : undefined);
  return of(times, unit) ?? (bare.length > 1 ? of(sizes, bare) : undefined) ?? of(scale, bare) ?? null;
}

export function cellText(cell: MdElement | undefined): string {
  return cell ? textOf(cell.kids).trim() : '';
}

/** As it was written, the rows in the order that is shown. */
export function toMarkdown(source: string, rows: readonly Row[]): string {
  const lines = source.trimEnd().split('\n');
  return `${[...lines.slice(0, 2), ...rows.map((r) => lines[r.index + 2] ?? '')].join('\n')}\n`;
}

/** Comma-separated values by RFC 4180. */
export function toCsv(head: readonly MdElement[], rows: readonly Row[]): string {
  const line = (cells: readonly MdElement[]) => cells.map((c) => quoted(cellText(c))).join(',');
  return `${[line(head), ...rows.map((r) => line(r.cells))].join('\r\n')}\r\n`;
}

/** A spreadsheet runs what begins like a formula: an apostrophe before it makes it words. Numbers keep their sign. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && numberOf(text) === null ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
