import { describe, expect, it } from 'vitest';
import { plain, stretches } from './ansi';

const e = '\u001b';

describe('plain', () => {
  it('takes the codes out and keeps the words', () => {
    expect(plain(`${e}[1;32mok${e}[0m  pkg\t0.1s`)).toBe('ok  pkg\t0.1s');
    expect(plain(`${e}[38;5;208morange${e}[39m ${e}[38;2;1;2;3mtrue${e}[m`)).toBe('orange true');
    expect(plain(`${e}]8;;https://example.com${e}\\link${e}]8;;${e}\\`)).toBe('link');
    expect(plain(`${e}]0;title\u0007a${e}[2K${e}[1Gb\u0007${e}(Bc`)).toBe('abc');
  });

  it('shows of a line that was drawn over what stayed', () => {
    expect(plain('10 %\r50 %\r100 %\ndone\r\nend')).toBe('100 %\ndone\nend');
  });

  it('leaves text alone', () => {
    expect(plain('naïve [31m — 日本\n\tx')).toBe('naïve [31m — 日本\n\tx');
    expect(plain(`cut ${e}`)).toBe('cut ');
  });
});

describe('stretches', () => {
  it('draws colours, bold and faint until they end', () => {
    expect(stretches(`a${e}[31mb${e}[1mc${e}[22md${e}[0me`)).toEqual([
      { text: 'a', look: '' },
      { text: 'b', look: 'red' },
      { text: 'c', look: 'red bold' },
      { text: 'd', look: 'red' },
      { text: 'e', look: '' },
    ]);
    expect(stretches(`${e}[92mok${e}[m`)).toEqual([{ text: 'ok', look: 'green' }]);
  });

  it('skips colours that it does not draw, with all their numbers', () => {
    expect(stretches(`${e}[38;5;31mx`)).toEqual([{ text: 'x', look: '' }]);
    expect(stretches(`${e}[48;2;31;32;33;36mx`)).toEqual([{ text: 'x', look: 'cyan' }]);
  });
});
