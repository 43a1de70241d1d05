/** The id that a name gives: small letters, digits and hyphens, at most 32. "" = there are none in it. */
export function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/g, '');
}

/** The first free one of id, id-2, id-3, … */
export function free(id: string, taken: readonly string[]): string {
  let n = 1;
  let wish = id;
  while (taken.includes(wish)) {
    n += 1;
    wish = `${id.slice(0, 31 - String(n).length)}-${n}`;
  }
  return wish;
}
