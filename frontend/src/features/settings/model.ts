import type { ListedModel, ModelPrice, ModelSetting } from '../../api/client';
import { price as dollars, number as shown } from '../../i18n/format';
import { t } from '../../i18n/settings';

/** What the small form of a model holds, as it is typed. */
export interface ModelFields {
  window: string;
  images: '' | 'yes' | 'no';
  input: string;
  cached: string;
  output: string;
}

export type ModelWrong = Partial<Record<'window' | 'price', string>>;

/** What was set by a person; what the provider says is left empty. */
export function fieldsOf(set: ModelSetting | undefined): ModelFields {
  return {
    window: set?.window ? String(set.window) : '',
    images: set?.images ?? '',
    input: set?.price ? String(set.price.input) : '',
    cached: set?.price?.cached ? String(set.price.cached) : '',
    output: set?.price ? String(set.price.output) : '',
  };
}

/** The setting that the fields mean; null: nothing is set. */
export function settingOf(f: ModelFields): { setting: ModelSetting | null; wrong: ModelWrong } {
  const wrong: ModelWrong = {};
  const setting: ModelSetting = {};
  const window = number(f.window);
  if (window !== null && !(Number.isInteger(window) && window > 0)) wrong.window = t('settings.model.window.bad');
  else if (window !== null) setting.window = window;
  if (f.images !== '') setting.images = f.images;
  const price = priceOf(f);
  if (typeof price === 'string') wrong.price = price;
  else if (price) setting.price = price;
  return { setting: Object.keys(setting).length > 0 ? setting : null, wrong };
}

function priceOf(f: ModelFields): ModelPrice | string | null {
  const [input, cached, output] = [number(f.input), number(f.cached), number(f.output)];
  if ([input, cached, output].some((n) => n !== null && !(n >= 0 && n < 1e6))) return t('settings.model.price.bad');
  if (input === null && cached === null && output === null) return null;
  if (input === null || output === null) return t('settings.model.price.both');
  return { input, cached: cached ?? input, output };
}

/** null: empty. What is no number is NaN. */
function number(text: string): number | null {
  const words = text.trim().replace(/[\s_]/g, '').replace(',', '.');
  return words === '' ? null : Number(words);
}

/** What is known about a model in a few words: "128,000 tokens, sees images, $2.50 in, $10 out". */
export function about(m: ListedModel): string {
  const words: string[] = [];
  if (m.window) words.push(t('settings.model.tokens', { n: shown(m.window) }));
  if (m.images === 'yes') words.push(t('settings.model.sees'));
  if (m.price) words.push(t('settings.model.prices', { input: dollars(m.price.input), output: dollars(m.price.output) }));
  return words.join(', ');
}
