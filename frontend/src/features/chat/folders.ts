/** A step of the way to a folder. */
export interface Crumb {
  name: string;
  path: string;
}

/** The way from the root to a folder, for paths of any system: `/a/b`, `C:\a\b`, `\\host\share\a`. */
export function crumbs(path: string): Crumb[] {
  const sep = path.includes('\\') && !path.startsWith('/') ? '\\' : '/';
  const root = rootOf(path, sep);
  const out: Crumb[] = root === '' ? [] : [{ name: root, path: root }];
  let at = root;
  for (const name of path.slice(root.length).split(sep).filter(Boolean)) {
    at = at === '' || at.endsWith(sep) ? at + name : at + sep + name;
    out.push({ name, path: at });
  }
  return out;
}

function rootOf(path: string, sep: string): string {
  if (sep === '/') return path.startsWith('/') ? '/' : '';
  return /^(?:[A-Za-z]:\\|\\\\[^\\]+\\[^\\]+\\?)/.exec(path)?.[0] ?? '';
}

/** The last name of a path, for a button; the path itself where it has none. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((x) => x !== '') ?? path;
}

/** The path of a new folder in another one. */
export function inside(parent: string, name: string): string {
  const sep = parent.includes('\\') && !parent.startsWith('/') ? '\\' : '/';
  return parent.endsWith(sep) ? parent + name : parent + sep + name;
}

/** What was typed is the path of a folder of any system, not words of a name. */
export function isPath(typed: string): boolean {
  return /^(?:[/\\]|~(?:[/\\]|$)|[A-Za-z]:[/\\])/.test(typed.trim());
}

export function filterFolders<T extends { name: string }>(items: readonly T[], query: string): readonly T[] {
  const wish = query.trim().toLowerCase();
  return wish === '' ? items : items.filter((x) => x.name.toLowerCase().includes(wish));
}
