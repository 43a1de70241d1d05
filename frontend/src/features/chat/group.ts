import type { FilePart, NoticePart, Part, PlanPart, ReasoningPart, SubagentPart, TextPart, ToolCallPart } from '../../fold/types';

/** What the transcript shows one below the other. Consecutive tool calls are one ledger. */
export type Item =
  | { kind: 'text'; id: string; part: TextPart }
  | { kind: 'reasoning'; id: string; part: ReasoningPart }
  | { kind: 'ledger'; id: string; calls: readonly ToolCallPart[] }
  | { kind: 'subagent'; id: string; part: SubagentPart; items: readonly Item[] }
  | { kind: 'notice'; id: string; part: NoticePart }
  | { kind: 'file'; id: string; part: FilePart };

/** A stretch of a turn: some work, then what was said about it. */
export interface Section {
  id: string;
  /** When its first part was opened. */
  at: string;
  items: readonly Item[];
}

/** The parts as items, nested under the helper that they belong to. The plan is a note of its own. */
export function group(parts: readonly Part[], under: string | null = null): Item[] {
  const helpers = new Set(parts.filter((p) => p.kind === 'subagent').map((p) => p.id));
  const parents = new Map(parts.map((p) => [p.id, p.parent]));
  return build(parts, (p) => owner(p, helpers, parents), under);
}

function build(parts: readonly Part[], ownerOf: (p: Part) => string | null, under: string | null): Item[] {
  const out: Item[] = [];
  for (const p of parts) {
    if (ownerOf(p) !== under || p.kind === 'plan') continue;
    const last = out.at(-1);
    if (p.kind === 'tool_call' && last?.kind === 'ledger') {
      (last.calls as ToolCallPart[]).push(p); // made below, shared with nobody yet
    } else if (p.kind === 'tool_call') {
      out.push({ kind: 'ledger', id: p.id, calls: [p] });
    } else if (p.kind === 'subagent') {
      out.push({ kind: 'subagent', id: p.id, part: p, items: build(parts, ownerOf, p.id) });
    } else {
      out.push({ kind: p.kind, id: p.id, part: p } as Item);
    }
  }
  return out;
}

/** The nearest helper above a part. A part under anything else belongs where that thing does. */
function owner(p: Part, helpers: ReadonlySet<string>, parents: ReadonlyMap<string, string | null>): string | null {
  const seen = new Set<string>([p.id]);
  let at = p.parent;
  while (at !== null && !helpers.has(at) && !seen.has(at)) {
    seen.add(at);
    at = parents.get(at) ?? null;
  }
  return at !== null && helpers.has(at) ? at : null;
}

/** Begins a new section where work follows on words: its time is shown in the margin. */
export function sections(items: readonly Item[]): Section[] {
  const out: { id: string; at: string; items: Item[] }[] = [];
  let before: Item | undefined;
  for (const item of items) {
    const last = out.at(-1);
    const fresh = !last || (before?.kind === 'text' && item.kind !== 'text');
    if (fresh) out.push({ id: item.id, at: openedAt(item), items: [item] });
    else last.items.push(item);
    before = item;
  }
  return out;
}

/** The sections as they are now; what is the same as before stays the same object, so that it is not drawn again. */
export function settled(before: readonly Section[], now: readonly Section[]): readonly Section[] {
  return now.map((s, i) => {
    const old = before[i];
    if (old?.id !== s.id) return s;
    const items = kept(old.items, s.items);
    return items === old.items && old.at === s.at ? old : { ...s, items };
  });
}

function kept(before: readonly Item[], now: readonly Item[]): readonly Item[] {
  const items = now.map((item, i) => keptItem(before[i], item));
  return items.length === before.length && items.every((item, i) => item === before[i]) ? before : items;
}

function keptItem(old: Item | undefined, item: Item): Item {
  if (old?.id !== item.id || old.kind !== item.kind) return item;
  if (item.kind === 'ledger') return alike((old as typeof item).calls, item.calls) ? old : item;
  if (item.part !== (old as typeof item).part) return item;
  if (item.kind !== 'subagent') return old;
  const was = (old as typeof item).items;
  const items = kept(was, item.items);
  return items === was ? old : { ...item, items };
}

function alike(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

function openedAt(item: Item): string {
  return item.kind === 'ledger' ? (item.calls[0]?.opened_at ?? '') : item.part.opened_at;
}

/** The plan as it is now: the last one counts. */
export function planOf(parts: readonly Part[]): PlanPart | null {
  return parts.findLast((p): p is PlanPart => p.kind === 'plan' && p.items.length > 0) ?? null;
}

/** What the agent said, as Markdown: for the clipboard. */
export function spoken(parts: readonly Part[]): string {
  return parts
    .filter((p): p is TextPart => p.kind === 'text' && p.parent === null)
    .map((p) => p.text.trim())
    .filter((x) => x !== '')
    .join('\n\n');
}
