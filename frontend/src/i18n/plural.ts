/** The order in which a text names its forms, those that the language has. */
const categories = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** Which form of a text a number takes in a language: English has two, Polish four, Japanese one. */
export function pluralOf(tag: string): (text: string, n: number) => string {
  const rules = new Intl.PluralRules(tag);
  const own = rules.resolvedOptions().pluralCategories as string[];
  const order = categories.filter((x) => own.includes(x));
  return (text, n) => {
    const forms = text.split('|');
    return forms[order.indexOf(rules.select(n))] ?? forms.at(-1) ?? text;
  };
}
