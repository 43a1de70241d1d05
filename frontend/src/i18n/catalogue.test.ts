import { describe, expect, it } from 'vitest';
import type { Language } from './tongue';

type Table = Readonly<Record<string, string>>;

const tables = import.meta.glob<Record<string, unknown>>('./en.*.ts', { eager: true });
const languages = import.meta.glob<Language>('./*/index.ts', { eager: true });

const english = new Map<string, string>();
const twice: string[] = [];
for (const table of Object.values(tables)) {
  for (const [key, text] of Object.entries(Object.values(table)[0] as Table)) {
    if (english.has(key)) twice.push(key);
    english.set(key, text);
  }
}

describe('English', () => {
  it('has each key once', () => expect(twice).toEqual([]));
  it('is nowhere empty', () => expect(wrong(english, (text) => text.trim() === '')).toEqual([]));
  it('has both forms of each plural', () => {
    expect(wrong(english, (text) => text.includes('|') && text.split('|').length !== 2)).toEqual([]);
  });
});

describe.each(Object.entries(languages).map(([path, language]) => [path.split('/')[1] ?? '', language.words] as const))(
  'the words of %s',
  (tag, words) => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.length;
    const own = new Map(Object.entries(words).filter(([key]) => !key.startsWith('fault.')));

    it('miss none', () => expect(wrong(english, (_, key) => !own.has(key))).toEqual([]));
    it('have none that English does not know', () => expect(wrong(own, (_, key) => !english.has(key))).toEqual([]));
    it('are nowhere empty', () => expect(wrong(new Map(Object.entries(words)), (text) => text.trim() === '')).toEqual([]));
    it('have a form for each plural', () => {
      const plural = (key: string) => english.get(key)?.includes('|');
      expect(wrong(own, (text, key) => text.split('|').length !== (plural(key) ? forms : 1))).toEqual([]);
    });
    it('name the same parameters, in each form', () => {
      expect(wrong(own, (text, key) => text.split('|').some((form) => params(form) !== params(english.get(key))))).toEqual([]);
    });
  },
);

/** The keys whose text is wrong, with the English one: what to translate can be read off it. */
function wrong(all: ReadonlyMap<string, string>, is: (text: string, key: string) => boolean): string[] {
  return [...all].filter(([key, text]) => is(text, key)).map(([key]) => `${key}: ${english.get(key) ?? ''}`);
}

function params(text = ''): string {
  return [...new Set(text.split('|').flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort().join();
}
