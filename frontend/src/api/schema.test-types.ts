/**
 * Checked by the compiler alone: what the server's description says must be
 * what the fold takes. A line here that no longer compiles means that a field
 * was changed on one side only.
 */
import type * as fold from '../fold/types';
import type { components } from './schema';

type Schemas = components['schemas'];
type Fits<From, To> = From extends To ? true : never;

export const fits: [
  Fits<Schemas['Session'], fold.Session>,
  Fits<Schemas['Ask'], fold.Ask>,
  Fits<Schemas['Attachment'], fold.Attachment>,
  Fits<Schemas['Draft'], fold.Draft>,
  Fits<Schemas['Usage'], fold.Usage>,
  Fits<Schemas['Failure'], fold.Failure>,
  Fits<fold.Turn['prompt'], Schemas['Prompt']>,
] = [true, true, true, true, true, true, true];
