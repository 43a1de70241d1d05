import { words } from '.';
import { tools } from './en.tools';

export type ToolKey = keyof typeof tools;

/** The words for the tools of the Hermes Agent: they are loaded with the first one. */
export const t = words<ToolKey>(tools);
