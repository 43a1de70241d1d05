import { chat } from './en.chat';
import { shell } from './en.shell';
import { number } from './number';
import { tongue } from './tongue';

const en = { ...chat, ...shell } as const;

/** Every string of the page has a name; a name that is not there does not compile. */
export type Key = keyof typeof en;

type Params = Record<string, string | number>;

/**
 * The words for a key. `{name}` stands for a parameter. A text with `|` has a
 * form for each plural of the language, in the order zero, one, two, few, many,
 * other; the parameter `n` says which. What is called while a file is loaded
 * speaks English for ever: call it where it is drawn.
 */
export const t = words(en);

/** Looks words up in a table of its own: for parts of the page that are loaded on first use. */
export function words<K extends string>(table: Readonly<Record<K, string>>): (key: K, params?: Params) => string {
  return (key, params = {}) => {
    const text = tongue.words[key] ?? table[key];
    const form = typeof params.n === 'number' ? tongue.plural(text, params.n) : text;
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name] ?? whole;
      return typeof value === 'number' ? number(value) : value;
    });
  };
}

/** The sentence for an error of the server: by its code where the language has one, else what the server says. */
export function fault(code: string, sentence: string): string {
  return tongue.words[`fault.${code}`] ?? said(sentence);
}

/** A sentence that the server has ready, in the language of the page where that has words for it. */
export function said(sentence: string): string {
  return tongue.said(sentence);
}
