import type { TokenizerAndRendererExtension, Tokens } from 'marked';

/** `tex` without its delimiters. */
export interface MathToken extends Tokens.Generic {
  type: 'math' | 'inline_math';
  tex: string;
  /** The closing delimiter is there. */
  closed: boolean;
}

export const math: TokenizerAndRendererExtension = {
  name: 'math',
  level: 'block',
  start: (src) => index(src, /(?:^|\n) {0,3}(?:\$\$|\\\[)/),
  tokenizer(src) {
    const m = /^ {0,3}(?:\$\$([\s\S]+?)(\$\$|$)|\\\[([\s\S]+?)(\\\]|$))/.exec(src);
    if (!m) return undefined;
    const closed = Boolean(m[2] ?? m[4]);
    const after = /^[ \t]*(?:\n|$)/.exec(src.slice(m[0].length));
    if (closed ? !after : !m[0].includes('\n')) return undefined;
    return { type: 'math', raw: m[0] + (after?.[0] ?? ''), tex: (m[1] ?? m[3] ?? '').trim(), closed };
  },
};

/** `$…$` by pandoc's rule: no blank inside the dollars, no digit after them; so "$5 and $6" is money. */
export const inlineMath: TokenizerAndRendererExtension = {
  name: 'inline_math',
  level: 'inline',
  start: (src) => index(src, /\$|\\\(|\\\[/),
  tokenizer(src) {
    const m =
      /^\$\$((?:\\[\s\S]|[^\\$])+?)\$\$/.exec(src) ??
      /^\$(?![\s$])((?:\\.|[^\\$\n])*?(?:\\.|[^\s\\$]))\$(?!\d)/.exec(src) ??
      /^\\\(([^\n]+?)\\\)/.exec(src) ??
      /^\\\[([^\n]+?)\\\]/.exec(src);
    return m ? { type: 'inline_math', raw: m[0], tex: (m[1] ?? '').trim(), closed: true } : undefined;
  },
};

function index(src: string, re: RegExp): number | undefined {
  const i = src.search(re);
  return i < 0 ? undefined : i;
}
