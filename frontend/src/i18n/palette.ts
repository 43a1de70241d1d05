import { words as lookUp } from '.';
import { palette } from './en.palette';

export type PaletteKey = keyof typeof palette;

/** The words of actions, the palette and the sheet of keys: they are loaded with them. */
export const words = lookUp<PaletteKey>(palette);
