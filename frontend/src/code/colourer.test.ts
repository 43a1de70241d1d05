import { describe, expect, test } from 'vitest';
import { looks, type Row } from './ask';
import { Colourer } from './colourer';
import { grammars } from './grammars';
import { languageOf, languages } from './names';

const go = 'package main\n\n/* a comment\nover lines */\nfunc main() {\n\ts := "x" + `raw\ntext`\n\treturn 12\n}';

/** The text in pieces, each with its look before it. */
function told(text: string, rows: readonly Row[]): string {
  return text
    .split('\n')
    .map((line, n) => {
      const row = rows[n] ?? [];
      let at = 0;
      let out = '';
      for (let i = 0; i < row.length; i += 2) {
        const piece = line.slice(at, at + (row[i] ?? 0));
        at += piece.length;
        const look = looks[row[i + 1] ?? 0];
        out += look ? `<${look} ${piece}>` : piece;
      }
      expect(at, line).toBe(line.length);
      return out;
    })
    .join('\n');
}

describe('a text', () => {
  test('gets the same looks in pieces as at once', async () => {
    const at = new Colourer();
    const whole = (await at.answer({ id: 1, lang: 'go', from: 0, text: go }))?.rows ?? [];
    expect(told(go, whole)).toContain('<k func> <f main>');
    const rows: Row[] = [];
    let settled = 0;
    for (let end = 1; end <= go.length; end += 5) {
      const text = go.slice(settled, end);
      const got: readonly Row[] = (await at.answer({ id: 2, lang: 'go', from: rows.length, text })).rows ?? [];
      expect(got).toHaveLength(text.split('\n').length);
      rows.push(...got.slice(0, -1));
      settled += text.lastIndexOf('\n') + 1;
    }
    const last = (await at.answer({ id: 2, lang: 'go', from: rows.length, text: go.slice(settled) })).rows ?? [];
    expect([...rows, ...last]).toEqual(whole);
  });

  test('is unknown after others were read', async () => {
    const at = new Colourer();
    await at.answer({ id: 1, lang: 'json', from: 0, text: '{\n' });
    for (let id = 2; id < 40; id++) await at.answer({ id, lang: 'json', from: 0, text: '{\n' });
    expect((await at.answer({ id: 1, lang: 'json', from: 1, text: '}' })).rows).toBeNull();
    expect((await at.answer({ id: 39, lang: 'json', from: 1, text: '}' })).rows).not.toBeNull();
  });

  test('of an unknown language has no looks, and a very long line has none', async () => {
    const at = new Colourer();
    for (const lang of ['', 'nosuch', '__proto__', 'constructor']) {
      expect((await at.answer({ id: 1, lang, from: 0, text: 'x' })).rows).toBeNull();
    }
    const long = `"${'a'.repeat(5000)}"`;
    expect((await at.answer({ id: 2, lang: 'json', from: 0, text: long })).rows).toEqual([[long.length, 0]]);
  });
});

test('each name of a language leads to a grammar', async () => {
  expect(Object.keys(grammars).sort()).toEqual([...languages].sort());
  expect(['TS', 'c++', 'sh', 'py', 'yml', 'nolang<script>', '', 'constructor'].map(languageOf)).toEqual([
    'typescript',
    'cpp',
    'shellscript',
    'python',
    'yaml',
    null,
    null,
    null,
  ]);
});
