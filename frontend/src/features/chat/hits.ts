/** One line that a search found. */
export interface Hit {
  line: number | null;
  text: string;
}

export interface HitFile {
  path: string;
  hits: readonly Hit[];
}

/**
 * Reads the output of a search, `path:line: text` for each hit, by file in the
 * order of the output. null: it is written in another way, and is shown as it is.
 */
export function groupHits(output: string): HitFile[] | null {
  const files = new Map<string, Hit[]>();
  for (const raw of output.split('\n')) {
    if (raw.trim() === '') continue;
    const m = /^((?:[A-Za-z]:[\\/])?[^:]+):(\d+)[:-] ?(.*)$/.exec(raw);
    if (!m) return null;
    const [, path = '', line = '', text = ''] = m;
    const hits = files.get(path) ?? [];
    hits.push({ line: Number(line), text });
    files.set(path, hits);
  }
  return files.size === 0 ? null : Array.from(files, ([path, hits]) => ({ path, hits }));
}
