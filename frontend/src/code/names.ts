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

export const languages = Object.keys(names);
