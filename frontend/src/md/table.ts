const header = /(?:^|\n)(\|[^\n]*)(?:\n[ \t|:-]*)?$/;

/**
 * The source of a table whose delimiter row has not arrived, with that row; or
 * null when the end of src does not look like the first line of one. Without
 * it a table would begin as a paragraph full of pipes.
 */
export function provisional(src: string): string | null {
  const m = header.exec(src);
  const line = m?.[1];
  if (!m || line === undefined) return null;
  const columns = line
    .replace(/\\\|/g, '')
    .split('|')
    .slice(1)
    .filter((c, i, all) => i < all.length - 1 || c.trim() !== '').length;
  const looks = line.startsWith('| ') || columns > 1;
  if (!looks || columns === 0) return null;
  const end = m.index + m[0].indexOf('|') + line.length;
  return `${src.slice(0, end)}\n|${'---|'.repeat(columns)}`;
}
