import { match } from '../../app/actions/fuzzy';
import { registry, type Setting, wordsOf } from '../../app/settings/registry';
import { t } from '../../i18n/settings';

/** A setting that was found; `marks` say where its name holds the words. */
export interface Found {
  setting: Setting;
  marks: [number, number][];
}

/** Settings that fit the words, those first whose own name does. */
export function find(words: string): Found[] {
  if (words.trim() === '') return [];
  const hits = registry.flatMap((setting) => {
    const own = match(t(setting.name), words);
    const any = own ?? plain(wordsOf(setting), words);
    return any ? [{ setting, marks: own?.marks ?? [], score: any.score + (own ? 100 : 0) }] : [];
  });
  return hits.toSorted((a, b) => b.score - a.score);
}

/** In a long text letters that are scattered say nothing: each word has to stand there. */
function plain(text: string, words: string): { score: number } | null {
  const lower = text.toLocaleLowerCase();
  const all = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return all.every((word) => lower.includes(word)) ? { score: 0 } : null;
}
