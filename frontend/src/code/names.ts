/** The languages that have colours, with the names people and models give them. */
const names: Record<string, string> = {
  c: 'h',
  cpp: 'c++ cc cxx hpp',
  csharp: 'c# cs',
  css: '',
  diff: 'patch',
  docker: 'dockerfile containerfile',
  go: 'golang',
  graphql: 'gql',
  html: 'htm svelte vue',
  ini: 'conf cfg properties editorconfig',
  java: '',
  javascript: 'js mjs cjs node',
  json: 'json5 webmanifest',
  jsonc: '',
  kotlin: 'kt kts',
  lua: '',
  make: 'makefile mk',
  markdown: 'md',
  php: '',
  powershell: 'ps1 pwsh ps',
  python: 'py python3 py3',
  ruby: 'rb',
  rust: 'rs',
  scss: 'sass',
  shellscript: 'sh bash zsh shell console shell-session terminal fish',
  sql: 'postgresql postgres mysql sqlite plsql',
  swift: '',
  toml: '',
  tsx: 'jsx',
  typescript: 'ts mts cts',
  xml: 'svg plist',
  yaml: 'yml',
};

const known = new Map(
  Object.entries(names).flatMap(([id, more]) =>
    `${id} ${more}`
      .trim()
      .split(' ')
      .map((name) => [name, id] as const),
  ),
);

/** The language that a fence names; null where it has no colours. */
export function languageOf(name: string): string | null {
  return known.get(name.toLowerCase()) ?? null;
}

/** The names that are not the identifier with a capital letter. */
const written: Record<string, string> = {
  cpp: 'C++',
  csharp: 'C#',
  css: 'CSS',
  graphql: 'GraphQL',
  html: 'HTML',
  ini: 'INI',
  javascript: 'JavaScript',
  json: 'JSON',
  jsonc: 'JSON',
  php: 'PHP',
  powershell: 'PowerShell',
  scss: 'SCSS',
  shellscript: 'Shell',
  sql: 'SQL',
  toml: 'TOML',
  tsx: 'TSX',
  typescript: 'TypeScript',
  xml: 'XML',
  yaml: 'YAML',
};
/** Names of a fence that are known by themselves, although another language has their colours. */
const own: Record<string, string> = { svelte: 'Svelte', vue: 'Vue', svg: 'SVG', jsx: 'JSX', sass: 'Sass', fish: 'Fish' };

/** The language that a fence names, as people write it; the name itself where it is not known. */
export function calledOf(name: string): string {
  const lower = name.toLowerCase();
  if (Object.hasOwn(own, lower)) return own[lower] ?? name;
  const id = languageOf(lower);
  if (id === null) return name;
  return written[id] ?? `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

export const languages = Object.keys(names);
