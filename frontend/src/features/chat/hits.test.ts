import { expect, it } from 'vitest';
import { groupHits } from './hits';

it('groups what a search found by file', () => {
  expect(groupHits('a.go:3: func A()\nb/c.go:10:x: y\na.go:9: }\n')).toEqual([
    {
      path: 'a.go',
      hits: [
        { line: 3, text: 'func A()' },
        { line: 9, text: '}' },
      ],
    },
    { path: 'b/c.go', hits: [{ line: 10, text: 'x: y' }] },
  ]);
});

it('leaves what is written in another way', () => {
  expect(groupHits('nothing found')).toBeNull();
  expect(groupHits('')).toBeNull();
});
