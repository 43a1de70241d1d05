import type { ToolCallPart } from '../../../fold/types';
import type { Worded } from './wording';

type Words = (call: Pick<ToolCallPart, 'name' | 'args'>) => Worded | null;

let words = $state.raw<Words | null>(null);
let coming: Promise<void> | null = null;

/** The words for tools that the page does not know from the start; null while they are loaded, and for those of nobody. */
export function nameOf(call: ToolCallPart): Worded | null {
  if (words === null) void loadNames();
  return words?.(call) ?? null;
}

export function loadNames(): Promise<void> {
  coming ??= import('./wording').then(
    (m) => {
      words = m.worded;
    },
    () => {}, // the plainer words of the ledger stay
  );
  return coming;
}
