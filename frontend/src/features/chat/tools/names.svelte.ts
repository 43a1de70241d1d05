import type { ToolCallPart } from '../../../fold/types';
import type { Worded } from './wording';

type Words = typeof import('./wording');

let words = $state.raw<Words | null>(null);
let coming: Promise<void> | null = null;

/** The words for tools that the page does not know from the start; null while they are loaded, and for those of nobody. */
export function nameOf(call: ToolCallPart): Worded | null {
  if (words === null) void loadNames();
  return words?.worded(call) ?? null;
}

/** What a call came to whose result is not of the built-in tools; "" while the words are loaded. */
export function endOf(call: ToolCallPart): string {
  if (words === null) void loadNames();
  return words?.endOf(call) ?? '';
}

export function loadNames(): Promise<void> {
  coming ??= import('./wording').then(
    (m) => {
      words = m;
    },
    () => {}, // the plainer words of the ledger stay
  );
  return coming;
}
