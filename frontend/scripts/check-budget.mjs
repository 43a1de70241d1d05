// Fails when the built page is larger than it may be. Sizes are gzip, in KB of 1024 bytes:
// what is loaded before anything is shown, and each file that comes later.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const limits = { scripts: 105, first: 150, later: 200, faces: 262 };

const assets = join('dist', 'assets');
const index = readFileSync(join('dist', 'index.html'), 'utf8');
const kb = (file) => gzipSync(readFileSync(file), { level: 9 }).length / 1024;
const named = [...index.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((m) => m[1]);
const first = named.map((name) => ({ name, size: kb(join(assets, name)) }));
const sum = (files) => files.reduce((n, f) => n + f.size, 0);
const found = [];

check('scripts before anything is shown', sum(first.filter((f) => f.name.endsWith('.js'))), limits.scripts);
check('all before anything is shown, without faces', sum(first) + kb(join('dist', 'index.html')), limits.first);
if (named.length > 7) found.push(`the shell names ${named.length} files, 7 are allowed`);
for (const name of readdirSync(assets).filter((n) => /\.(js|css)$/.test(n))) check(name, kb(join(assets, name)), limits.later);
check(
  'faces of text',
  faces((name) => !name.startsWith('math') && !name.startsWith('Temml')),
  limits.faces,
);

if (found.length > 0) {
  console.error(found.join('\n'));
  process.exit(1);
}
console.log(`${sum(first.filter((f) => f.name.endsWith('.js'))).toFixed(1)} KB of scripts before anything is shown`);

function faces(counts) {
  const files = readdirSync(assets).filter((name) => name.endsWith('.woff2') && counts(name));
  return files.reduce((n, name) => n + statSync(join(assets, name)).size / 1024, 0);
}

function check(what, size, limit) {
  if (size > limit) found.push(`${what}: ${size.toFixed(1)} KB, ${limit} are allowed`);
}
