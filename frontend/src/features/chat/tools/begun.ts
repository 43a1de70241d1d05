/** What the Hermes Agent began a turn for. */
export type Reason = 'helper' | 'process' | 'work';

/** A line of this length or shorter says itself why a turn was begun. */
const short = 160;

/** Why the agent began a turn, by the words that it wrote to itself; null: they are a sentence that can be shown. */
export function reasonOf(prompt: string): Reason | null {
  if (/^\[ASYNC DELEGATION/.test(prompt)) return 'helper';
  if (/^\[IMPORTANT: Background process/.test(prompt)) return 'process';
  return prompt.startsWith('[') || prompt.includes('\n') || prompt.length > short ? 'work' : null;
}
