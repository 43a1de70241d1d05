import { describe, expect, it } from 'vitest';
import { join, split } from './argv';

describe('split', () => {
  it('keeps together what quotes hold', () => {
    expect(split(`npx -y "a server" --dir='/my files' it\\ is`).words).toEqual([
      'npx',
      '-y',
      'a server',
      '--dir=/my files',
      'it is',
    ]);
    expect(split(`a "" ''`).words).toEqual(['a', '', '']);
    expect(split(' \t ').words).toEqual([]);
  });

  it('gives no meaning to what only a shell knows', () => {
    expect(split('run $HOME | tee *.txt; x').words).toEqual(['run', '$HOME', '|', 'tee', '*.txt;', 'x']);
    expect(split('C:\\tools\\mcp.exe "C:\\a b\\c"').words).toEqual(['C:\\tools\\mcp.exe', 'C:\\a b\\c']);
  });

  it('says that a quote is open', () => {
    expect(split('a "b c')).toEqual({ words: ['a', 'b c'], open: true });
    expect(split(`a 'b"c'`).open).toBe(false);
  });
});

it('makes the line that is split into the same words', () => {
  for (const words of [['a', 'b c'], ['', "it's", 'say "x"'], ['back\\slash', '\\', 'a\'b\\"c d'], ['--x=1']]) {
    expect(split(join(words))).toEqual({ words, open: false });
  }
});
