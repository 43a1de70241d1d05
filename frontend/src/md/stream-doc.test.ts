import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toHtml } from './node';
import { parse, StreamDoc } from './stream-doc';

const answer = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'testdata/answer.md'), 'utf8');
const pieces = [
  '*',
  '**',
  '_',
  '`',
  '```',
  '\n',
  '\n\n',
  '- ',
  '1. ',
  '> ',
  '#',
  '|',
  '|-|',
  '[',
  '](',
  ')',
  '!',
  '$',
  '$$',
  '~~',
  'a',
  'word ',
  '  ',
  '<b>',
  '&lt;',
  '\\',
  '---',
  '\r\n',
  '👍',
  '\t',
];

const shown = (text: string) => parse(text).map((b) => [b.kind, b.lang, b.open, toHtml(b.nodes)]);
const live = (d: StreamDoc) => d.blocks.map((b) => toHtml(b.nodes)).join('\n');

/** Small, seeded and even enough for schedules. */
function random(seed: number) {
  let s = seed;
  return (n: number) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}

function stream(text: string, size: () => number): StreamDoc {
  const doc = new StreamDoc();
  for (let i = 0; i < text.length; ) {
    const n = size();
    doc.append(text.slice(i, i + n));
    i += n;
  }
  return doc;
}

describe('a streamed text', () => {
  test('equals the whole text at the end, in any chunks', () => {
    const want = shown(answer);
    for (let seed = 1; seed <= 25; seed++) {
      const next = random(seed);
      const doc = stream(answer, () => 1 + next(seed * 3));
      doc.end();
      expect(doc.blocks.map((b) => [b.kind, b.lang, b.open, toHtml(b.nodes)])).toEqual(want);
      expect(doc.blocks.map((b) => b.id)).toEqual(doc.blocks.map((_, i) => i));
      expect(doc.text).toBe(answer);
    }
  });

  test('equals the whole text at the end, for any salad of marks', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed);
      const text = Array.from({ length: 30 }, () => pieces[next(pieces.length)]).join('');
      const doc = stream(text, () => 1 + next(6));
      doc.end();
      expect(
        doc.blocks.map((b) => [b.kind, b.lang, b.open, toHtml(b.nodes)]),
        JSON.stringify(text),
      ).toEqual(shown(text));
    }
  });

  test('is right before its end in all closed blocks, but for definitions that follow', () => {
    const text = answer.replace('[link][ref]', 'link');
    const want = shown(text);
    const doc = stream(text, () => 7);
    const got = doc.blocks.slice(0, -1).map((b) => [b.kind, b.lang, b.open, toHtml(b.nodes)]);
    expect(got).toEqual(want.slice(0, got.length));
  });

  test('keeps the identity of closed blocks, also over its end', () => {
    const doc = new StreamDoc();
    doc.append('one\n\ntwo **b** three\n\nfo');
    const [one, two, open] = doc.blocks;
    doc.append('ur\n\nfive');
    expect(doc.blocks[0]).toBe(one);
    expect(doc.blocks[1]).toBe(two);
    expect(doc.blocks[2]).not.toBe(open);
    doc.end();
    expect(doc.blocks[0]).toBe(one);
    expect(doc.blocks.every((b) => !b.open)).toBe(true);
  });

  test('begins anew when the text is cut, and goes on after its end', () => {
    const doc = new StreamDoc();
    doc.set('# a\n\nlong');
    doc.set('# a\n\nlo');
    expect(live(doc)).toBe('<h1>a</h1>\n<p>lo</p>');
    doc.end();
    doc.set('# a\n\nloud');
    expect(live(doc)).toBe('<h1>a</h1>\n<p>loud</p>');
  });

  test('takes a line end that is cut in two', () => {
    const doc = new StreamDoc();
    for (const c of 'a\r\n\r\nb\r\nc') doc.append(c);
    expect(live(doc)).toBe('<p>a</p>\n<p>b\nc</p>');
  });
});

describe('the open end', () => {
  test.each([
    ['**bold te', '<p><strong>bold te</strong></p>'],
    ['**bold*', '<p><strong>bold</strong></p>'],
    ['**bold** and *', '<p><strong>bold</strong> and</p>'],
    ['*a **b', '<p><em>a <strong>b</strong></em></p>'],
    ['***both', '<p><em><strong>both</strong></em></p>'],
    ['**a *b*', '<p><strong>a <em>b</em></strong></p>'],
    ['done *it*', '<p>done <em>it</em></p>'],
    ['~~gone', '<p><del>gone</del></p>'],
    ['run `npm i', '<p>run <code>npm i</code></p>'],
    ['run `', '<p>run</p>'],
    ['``a ` b', '<p><code>a ` b</code></p>'],
    ['**b `c', '<p><strong>b <code>c</code></strong></p>'],
    ['snake_case', '<p>snake_case</p>'],
    ['2 * 3', '<p>2 * 3</p>'],
    ['~5 min', '<p>~5 min</p>'],
    ['a[0', '<p>a[0</p>'],
    ['see [docs', '<p>see <a class="md-pending">docs</a></p>'],
    ['[docs](https://exa', '<p><a class="md-pending">docs</a></p>'],
    ['**[docs](https://exa', '<p><strong><a class="md-pending">docs</a></strong></p>'],
    ['![alt](http://e', '<p><span class="md-image md-pending">alt</span></p>'],
    ['| a | b |', '<table><thead><tr><th>a</th><th>b</th></tr></thead></table>'],
    ['| a | b |\n|--', '<table><thead><tr><th>a</th><th>b</th></tr></thead></table>'],
    ['Intro\n-', '<p>Intro</p>'],
    ['Intro\n--', '<p>Intro</p>'],
    ['```ts\nconst a', '<pre tabindex="0"><code class="language-ts">const a</code></pre>'],
    ['```ts\nconst a\n``', '<pre tabindex="0"><code class="language-ts">const a</code></pre>'],
    ['- item\n  ```js\n  x = **a', '<ul><li>item<pre tabindex="0"><code class="language-js">x = **a</code></pre></li></ul>'],
    ['- a **b', '<ul><li>a <strong>b</strong></li></ul>'],
    ['|a|\n|-|\n|**b', '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><strong>b</strong></td></tr></tbody></table>'],
    ['\\*not', '<p>*not</p>'],
  ])('%j', (text, want) => {
    const doc = new StreamDoc();
    doc.append(text);
    expect(live(doc).replace(/\n/g, '')).toBe(want);
  });

  test('a code block says its language and its text while it grows', () => {
    const doc = new StreamDoc();
    doc.append('```go title="x"\nfunc');
    expect(doc.blocks[0]).toMatchObject({ kind: 'code', lang: 'go', text: 'func', open: true });
    doc.append(' f()\n```\n\nnext');
    expect(doc.blocks[0]).toMatchObject({ kind: 'code', lang: 'go', text: 'func f()', open: false });
  });
});

test.each([
  ['math block', '$$\nx^2\n$$', 'math', 'x^2'],
  ['table', '|a|b|\n|:-|-:|\n|1|2|', 'table', '|a|b|\n|:-|-:|\n|1|2|'],
  ['code', '~~~~\na ~~~ b\n~~~~', 'code', 'a ~~~ b'],
])('%s is a block of its own kind', (_, text, kind, want) => {
  expect(parse(text)).toMatchObject([{ kind, text: want, open: false }]);
});

test.each([
  ['$5 and $6', '<p>$5 and $6</p>'],
  ['$x$', '<p><span class="md-math">x</span></p>'],
  ['\\(a_b\\)', '<p><span class="md-math">a_b</span></p>'],
  [
    '- [x] a\n- [ ] b',
    '<ul><li class="md-task"><input type="checkbox" disabled="" checked="" aria-label="a"> a</li><li class="md-task"><input type="checkbox" disabled="" aria-label="b"> b</li></ul>',
  ],
  [
    '- [x] **a** [b](https://e.example)\n  - c\n\n- [ ] d',
    '<ul><li class="md-task"><p><input type="checkbox" disabled="" checked="" aria-label="a b"> <strong>a</strong> <a href="https://e.example" rel="noopener noreferrer" target="_blank">b</a></p><ul><li>c</li></ul></li><li class="md-task"><p><input type="checkbox" disabled="" aria-label="d"> d</p></li></ul>',
  ],
  ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
  ['Intro\n---', '<p>Intro</p>\n<hr>'],
  [
    '|a|\n|:-:|\n|x<br>y|',
    '<table><thead><tr><th class="md-center">a</th></tr></thead><tbody><tr><td class="md-center">x<br>y</td></tr></tbody></table>',
  ],
  ['&copy; &#128077; &nosuch; &#0;', '<p>© 👍 &amp;nosuch; \ufffd</p>'],
])('%j renders', (text, want) => {
  expect(
    parse(text)
      .map((b) => toHtml(b.nodes))
      .join('\n'),
  ).toBe(want);
});
