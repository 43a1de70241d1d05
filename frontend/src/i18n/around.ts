import { words } from '.';
import { around } from './en.around';

/** The words of the find bar and the outline: they are loaded with them. */
export const t = words<keyof typeof around>(around);
