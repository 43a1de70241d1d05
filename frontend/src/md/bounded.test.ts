import { describe, expect, test } from 'vitest';
import { type MdNode, textOf } from './node';
import { parse, StreamDoc } from './stream-doc';

function depth(nodes: readonly MdNode[]): number {
  return Math.max(0, ...nodes.map((n) => (typeof n === 'string' ? 0 : 1 + depth(n.kids))));
}

const many = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i)).join('');

/** Each of them once took the page minutes, or more stack than there is. */
const endless: Record<string, string> = {
  'quotes in quotes': '>'.repeat(10_000),
  'lists in lists': '- '.repeat(10_000),
  'items ever further in': many(600, (i) => `${'  '.repeat(i)}- x\n`),
  'marks that never end': '*a '.repeat(20_000),
  'marks in marks': '*a **b '.repeat(5000),
  'marks and spaces': '** *'.repeat(5000),
  'struck and bold': '_a*b~~'.repeat(20_000),
  'links in links': '['.repeat(20_000) + '](x)'.repeat(20_000),
  'pictures in pictures': '!['.repeat(10_000),
  'ever longer ticks': many(1500, (i) => `${'`'.repeat(i + 1)} `),
  'addresses without end': '<a@'.repeat(30_000),
  'comments without end': '<!--'.repeat(30_000),
};

describe.each(Object.entries(endless))('%s', (_, text) => {
  const words = `${text}x\n\nThe end.`;

  test('is read in good time, to a depth that a browser can show', () => {
    const blocks = parse(words);
    expect(depth(blocks.flatMap((b) => b.nodes))).toBeLessThan(100);
    expect(blocks.at(-1)?.text).toContain('The end.');
  });

  test('is read in good time while it grows', () => {
    const doc = new StreamDoc();
    for (let i = 0; i < 4; i++) doc.append(words.slice((i * words.length) / 4, ((i + 1) * words.length) / 4));
    expect(doc.blocks.map((b) => textOf(b.nodes)).join('\n')).toContain('The end.');
    doc.end();
    expect(doc.blocks).toEqual(parse(words));
  });
});

test('what people write is never too much', () => {
  const paragraph = `${'Some **bold** words, a `name`, an [address](https://x.example) and *more*. '.repeat(12)}\n\n`;
  const blocks = parse(paragraph.repeat(400)); // as much as a book chapter
  expect(blocks).toHaveLength(400);
  expect(blocks.every((b) => !textOf(b.nodes).includes('*'))).toBe(true);
});
