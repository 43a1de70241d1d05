// Fails when a text of i18n/en.*.ts is used nowhere. A key counts as used where the page
// names it, whole or as a template: t(`settings.${section}.lede`) uses settings.models.lede.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tables = join('src', 'i18n');
const keys = readdirSync(tables)
  .filter((name) => /^en\..*\.ts$/.test(name))
  .flatMap((name) => [...readFileSync(join(tables, name), 'utf8').matchAll(/^ {2}'([^']+)':/gm)].map((m) => m[1]));

const sources = readdirSync('src', { recursive: true })
  .map(String)
  .filter((name) => /\.(ts|svelte)$/.test(name) && !/^i18n\W(en\.|\w+\W\w+\.ts)/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join('src', name), 'utf8'));

const named = new Set();
const templates = new Set();
for (const text of sources) {
  for (const [, words] of text.matchAll(/['"]([\w-]+(?:\.[\w-]+)+)['"]/g)) named.add(words);
  for (const [, words] of text.matchAll(/`([a-z]+\.(?:[\w.-]|\$\{[^{}]+\})*)`/g)) if (words.includes('${')) templates.add(words);
}
// A place holder is one part of a name.
const patterns = [...templates].map((words) => {
  const parts = words.split(/\$\{[^{}]+\}/).map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('[\\w-]+')}$`);
});

const unused = keys.filter((key) => !named.has(key) && !patterns.some((p) => p.test(key)));
if (unused.length > 0) {
  console.error(`texts that no part of the page uses: ${unused.join(', ')}`);
  process.exit(1);
}
