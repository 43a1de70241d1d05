import type { OutlineItem } from '../../../api/client';
import type { Turn } from '../../../fold/types';

export type Entry = OutlineItem;

const most = 140;

/** What the server told of the older turns, and what is loaded, which is newer. */
export function entriesOf(told: readonly Entry[], turns: readonly Turn[]): Entry[] {
  const loaded = new Set(turns.map((x) => x.id));
  const until = told.findIndex((x) => loaded.has(x.turn));
  // Where nothing fits together the path is another one by now: what is loaded is true.
  const older = until >= 0 ? told.slice(0, until) : turns[0]?.parent === told.at(-1)?.turn ? told : [];
  return [...older, ...turns.map(entry)];
}

function entry(turn: Turn): Entry {
  return { turn: turn.id, text: lineOf(turn.prompt), at: turn.queued_at, state: turn.state };
}

const known = new WeakMap<Turn['prompt'], string>();

function lineOf(prompt: Turn['prompt']): string {
  const before = known.get(prompt);
  if (before !== undefined) return before;
  const names = prompt.attachments.map((a) => a.name).join(', ');
  const line = beginning(prompt.text.trim() === '' ? names : prompt.text);
  known.set(prompt, line);
  return line;
}

/** Nothing in them differs: a text that grows changes no outline. */
export function alike(a: readonly Entry[], b: readonly Entry[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, i) => x === b[i] || (x.turn === b[i]?.turn && x.state === b[i].state && x.text === b[i].text))
  );
}

/** The first characters on one line, as the server cuts them. */
function beginning(text: string): string {
  const line = text
    .slice(0, most * 8)
    .trim()
    .replace(/\s+/g, ' ');
  const letters = [...line];
  return letters.length > most ? `${letters.slice(0, most).join('').trimEnd()}…` : line;
}

/** Entries that have the words in them. */
export function filtered(entries: readonly Entry[], words: string): readonly Entry[] {
  const wanted = plain(words.trim());
  return wanted === '' ? entries : entries.filter((x) => plain(x.text).includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

export interface Day {
  /** '' = all of them are of one day, which needs no name. */
  name: string;
  key: string;
  items: readonly Entry[];
}

/** By the day on which they were asked, where there is more than one. `name` says a time in words. */
export function byDay(entries: readonly Entry[], name: (at: string) => string): Day[] {
  const days: { key: string; name: string; items: Entry[] }[] = [];
  for (const x of entries) {
    const key = new Date(x.at).toDateString();
    const last = days.at(-1);
    if (last?.key === key) last.items.push(x);
    else days.push({ key, name: name(x.at), items: [x] });
  }
  return days.length === 1 ? days.map((d) => ({ ...d, name: '' })) : days;
}
