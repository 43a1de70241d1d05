/**
 * The path prefix that the server wrote into the shell, without a slash at its
 * end: '' or '/hermes'.
 */
export function basePath(): string {
  if (typeof document === 'undefined') return '';
  const meta = document.querySelector<HTMLMetaElement>('meta[name="base-path"]');
  return (meta?.content ?? '').replace(/\/+$/, '');
}

/** Joins the prefix, a path that begins with '/', and query parameters; undefined ones are left out. */
export function url(path: string, query: Record<string, string | number | boolean | undefined> = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const tail = params.toString();
  return basePath() + path + (tail ? `?${tail}` : '');
}
