import { words } from '.';
import { md } from './en.md';

/** The words of rich blocks: they are loaded with them. */
export const t = words<keyof typeof md>(md);
