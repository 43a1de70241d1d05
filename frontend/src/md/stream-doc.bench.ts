import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bench } from 'vitest';
import { StreamDoc } from './stream-doc';

const text = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'testdata/answer.md'), 'utf8').repeat(14);
const tokens = text.match(/[\s\S]{1,4}/g) ?? [];

// Run with `npx vitest bench src/md`. Divide the mean by the number of tokens: the cost of one.
bench(`${tokens.length} tokens, ${text.length} characters`, () => {
  const doc = new StreamDoc();
  for (const t of tokens) doc.append(t);
  doc.end();
});
