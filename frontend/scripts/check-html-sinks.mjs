// Fails when markup is set anywhere: what people and agents write becomes elements
// one by one (src/md/safe-element.ts), so that nothing of it is parsed as HTML.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sink = /\{@html|\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write/;
const bad = readdirSync('src', { recursive: true })
  .map((name) => join('src', String(name)))
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
  .filter((name) => sink.test(readFileSync(name, 'utf8')));
if (bad.length > 0) {
  console.error(`markup is set: ${bad.join(', ')}`);
  process.exit(1);
}
