import { words } from '.';
import { away } from './en.away';

export type AwayKey = keyof typeof away;

/** The words of what is loaded once the page rests. */
export const t = words<AwayKey>(away);
