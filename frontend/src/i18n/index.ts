import { chat } from './en.chat';
import { shell } from './en.shell';

const en = { ...chat, ...shell } as const;

/** Every string of the page has a name; a name that is not there does not compile. */
export type Key = keyof typeof en;

type Params = Record<string, string | number>;

const rules = new Intl.PluralRules('en');

/**
 * The words for a key. `{name}` stands for a parameter. A text with `|` has a
 * form for one and one for other numbers of the parameter `n`.
 */
export const t = words(en);

/** Looks words up in a table of its own: for parts of the page that are loaded on first use. */
export function words<K extends string>(table: Readonly<Record<K, string>>): (key: K, params?: Params) => string {
  return (key, params = {}) =>
    plural(table[key], params).replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function plural(text: string, params: Params): string {
  if (typeof params.n !== 'number' || !text.includes('|')) return text;
  const [one = text, other = one] = text.split('|');
  return rules.select(params.n) === 'one' ? one : other;
}
