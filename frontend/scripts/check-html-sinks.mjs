// Fails when markup is set anywhere but in ui/SafeHtml.svelte: that one file takes
// only what safeHtml() cleaned.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const allowed = new Set([join('src', 'ui', 'SafeHtml.svelte'), join('src', 'md', 'safe-html.ts')]);
const sink = /\{@html|\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write/;
const bad = readdirSync('src', { recursive: true })
  .map((name) => join('src', String(name)))
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts') && !allowed.has(name))
  .filter((name) => sink.test(readFileSync(name, 'utf8')));
if (bad.length > 0) {
  console.error(`markup is set outside of ui/SafeHtml.svelte: ${bad.join(', ')}`);
  process.exit(1);
}
