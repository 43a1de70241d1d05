import { describe, expect, test } from 'vitest';
import { parse } from '../md';
import { cellText, gridOf, nextOrder, numberOf, sorted, toCsv, toMarkdown } from './grid';

const source = `| Name | Size | When |
|:-----|-----:|------|
| b "q" | 10 KB | item 10 |
| a, c | 2 KB | item 9 |
| **d** |  | |
| =e | 1.5 MB | item 1 |
`;
const block = () => parse(source)[0] ?? raise();
const grid = () => gridOf(block().nodes);
const column = (order: Parameters<typeof sorted>[1], i: number) => sorted(grid().rows, order).map((r) => cellText(r.cells[i]));

function raise(): never {
  throw new Error('no table');
}

describe('a table sorts', () => {
  test('numbers with units as numbers, empty cells last both ways', () => {
    expect(column({ column: 1, down: false }, 1)).toEqual(['2 KB', '10 KB', '1.5 MB', '']);
    expect(column({ column: 1, down: true }, 1)).toEqual(['1.5 MB', '10 KB', '2 KB', '']);
  });

  test('words by the numbers in them', () => {
    expect(column({ column: 2, down: false }, 2)).toEqual(['item 1', 'item 9', 'item 10', '']);
  });

  test('and comes back with the third click', () => {
    const once = nextOrder(null, 1);
    const twice = nextOrder(once, 1);
    expect([once, twice, nextOrder(twice, 1)]).toEqual([{ column: 1, down: false }, { column: 1, down: true }, null]);
    expect(nextOrder(twice, 0)).toEqual({ column: 0, down: false });
    expect(column(null, 0)).toEqual(['b "q"', 'a, c', 'd', '=e']);
  });

  test('a table without rows is one', () => {
    expect(gridOf(parse('| a |\n|---|')[0]?.nodes ?? []).rows).toEqual([]);
  });
});

test.each([
  ['1,200', 1200],
  ['1200.5', 1200.5],
  ['−3', -3],
  ['+4 %', 4],
  ['$5', 5],
  ['-$5.20', -5.2],
  ['12 ms', 0.012],
  ['3 s', 3],
  ['2 min', 120],
  ['4k', 4000],
  ['1.2M', 1.2e6],
  ['2 KiB', 2048],
  ['7 GB', 7e9],
  ['1e3', 1000],
  ['2026-11-02', null],
  ['1.2.3', null],
  ['12 apples', null],
  ['', null],
  ['12,3', null],
])('%s is the number %s', (text, want) => {
  const got = numberOf(text);
  if (want === null) expect(got).toBeNull();
  else expect(got).toBeCloseTo(want, 9);
});

test('CSV quotes what needs it, and no cell is a formula', () => {
  expect(toCsv(grid().head, grid().rows)).toBe(
    'Name,Size,When\r\n"b ""q""",10 KB,item 10\r\n"a, c",2 KB,item 9\r\nd,,\r\n\'=e,1.5 MB,item 1\r\n',
  );
  const wild = gridOf(parse('| a |\n|---|\n| -5 |\n| @x |\n| -x |')[0]?.nodes ?? []);
  expect(toCsv(wild.head, wild.rows)).toBe("a\r\n-5\r\n'@x\r\n'-x\r\n");
});

test('Markdown keeps the marks, in the order that is shown', () => {
  const rows = sorted(grid().rows, { column: 1, down: false });
  expect(toMarkdown(block().text, rows)).toBe(`| Name | Size | When |
|:-----|-----:|------|
| a, c | 2 KB | item 9 |
| b "q" | 10 KB | item 10 |
| =e | 1.5 MB | item 1 |
| **d** |  | |
`);
});

test('a unit that every object has is none', () => {
  expect(numberOf('1 constructor')).toBeNull();
});
