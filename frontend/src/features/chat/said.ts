/** What was typed as an answer and not given yet, by ask, until the page is loaded anew. Secrets are never among it. */
const typed = new Map<string, string>();

export function saidFor(ask: string): string {
  return typed.get(ask) ?? '';
}

export function keepSaid(ask: string, text: string): void {
  if (text === '') typed.delete(ask);
  else typed.set(ask, text);
}
