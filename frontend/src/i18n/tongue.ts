import { pluralOf } from './plural';

/** What the folder of a language gives: i18n/de/index.ts. */
export interface Language {
  words: Readonly<Record<string, string>>;
  /** Says a sentence of the server; one that it does not know stays as it is. */
  said: (sentence: string) => string;
  /** Which way its lines run. */
  dir: 'ltr' | 'rtl';
}

/** English is in the page; every other language is a file that is loaded when it is chosen. */
const folders = import.meta.glob<Language>('./*/index.ts');

export interface Tongue {
  /** The language, as `de`. */
  tag: string;
  /** With the region that the browser names, as `de-AT`: for dates and numbers. */
  locale: string;
  words: Readonly<Record<string, string>>;
  said: (sentence: string) => string;
  plural: (text: string, n: number) => string;
}

const english = 'en';
/** What English adds to the words of the page and of the server. */
const none: Omit<Language, 'dir'> = { words: {}, said: (sentence) => sentence };

/** The languages that the page speaks. */
export const tags: readonly string[] = [english, ...Object.keys(folders).map((path) => path.split('/')[1] ?? '')];

/** What is spoken now. */
export let tongue = make(english, navigator.languages);

function make(tag: string, wanted: readonly string[], { words, said } = none): Tongue {
  const locale = wanted.find((x) => primary(x) === tag) ?? tag;
  return { tag, locale, words, said, plural: pluralOf(tag) };
}

function primary(locale: string): string {
  return locale.split('-', 1)[0] ?? '';
}

/** The language that a choice means: 'system' is the first one of the browser's that the page knows. */
export function meant(choice: string, wanted = navigator.languages): string {
  if (tags.includes(choice)) return choice;
  return wanted.map(primary).find((x) => tags.includes(x)) ?? english;
}

/**
 * Speaks another language from now on. English is there at once; null is given
 * for it. Else it says later whether the words came: if not, nothing changes.
 */
export function speak(tag: string, wanted = navigator.languages): Promise<boolean> | null {
  const load = folders[`./${tag}/index.ts`];
  if (load) {
    return load().then(
      (language) => take(make(tag, wanted, language), language.dir),
      () => false,
    );
  }
  take(make(english, wanted), 'ltr');
  return null;
}

function take(to: Tongue, dir: Language['dir']): true {
  tongue = to;
  document.documentElement.lang = to.tag;
  document.documentElement.dir = dir;
  return true;
}
