/** Sentences of the server, and how a language says them. `{x}` stands for what is different each time, in both. */
export type Sentences = Readonly<Record<string, string>>;

/** What is longer than this is no sentence that the server has ready. */
const longest = 8000;

interface Gapped {
  head: string;
  tail: string;
  form: RegExp;
  names: readonly string[];
  words: string;
}

/** Tells sentences as the table has them. What it does not know stays as it is. */
export function retold(table: Sentences): (sentence: string) => string {
  const gapped = Object.entries(table).flatMap(([said, words]) => (said.includes('{') ? [gappedOf(said, words)] : []));

  function tell(sentence: string, deep: number): string {
    if (Object.hasOwn(table, sentence)) return table[sentence] ?? sentence;
    if (sentence.length > longest) return sentence;
    for (const { head, tail, form, names, words } of gapped) {
      if (!sentence.startsWith(head) || !sentence.endsWith(tail)) continue;
      const found = form.exec(sentence);
      // What fills a gap may have words of its own.
      if (found) return words.replace(/\{(\w+)\}/g, (_, name: string) => tellPart(found[names.indexOf(name) + 1] ?? '', deep));
    }
    return sentence;
  }

  function tellPart(text: string, deep: number): string {
    return deep > 0 ? tell(text, deep - 1) : text;
  }

  return (sentence) => tell(sentence, 1);
}

function gappedOf(said: string, words: string): Gapped {
  const literals = said.split(/\{\w+\}/);
  const names = [...said.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '');
  const form = new RegExp(`^${literals.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('([^]*?)')}$`);
  return { head: literals[0] ?? '', tail: literals.at(-1) ?? '', form, names, words };
}
