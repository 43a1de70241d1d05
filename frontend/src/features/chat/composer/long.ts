/** A text that is better read as a file than in a prompt: more than 4,000 characters or 100 lines. */
export function isLong(text: string): boolean {
  return text.length > 4000 || text.split('\n', 101).length > 100;
}
