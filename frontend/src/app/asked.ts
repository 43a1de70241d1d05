import type { Ask } from '../fold/types';
import { said } from '../i18n';

/** Whether the words of an ask are the server's: those of a question are the agent's own, but for the one that the server asks itself. */
export function ours(ask: Pick<Ask, 'kind' | 'why'>): boolean {
  return ask.kind !== 'question' || said(ask.why) !== ask.why;
}

/** What an ask is about, in the language of the page where the words are the server's. */
export function asked(ask: Pick<Ask, 'kind' | 'why' | 'title'>): string {
  return ours(ask) ? said(ask.title) : ask.title;
}
