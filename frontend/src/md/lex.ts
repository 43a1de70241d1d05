import { type Lexer, Marked, type Token, type Tokens } from 'marked';
import { BoundedLexer } from './bounded';
import { inlineMath, math } from './math';

/**
 * GitHub's Markdown with three differences: raw HTML is text, a line of dashes
 * under a paragraph is no heading (while it streams it would make a heading of
 * any paragraph before a list), and mathematics is known.
 */
const options = new Marked({
  gfm: true,
  tokenizer: { html: () => undefined, tag: () => undefined, lheading: () => undefined },
  extensions: [math, inlineMath],
}).defaults;

export type Links = Lexer['tokens']['links'];

/**
 * The blocks of src (line ends are \n). `links` are the definitions
 * known so far; new ones are added to it. `repair` may change the last text.
 */
export function lex(src: string, links: Links, repair?: (text: string) => string): Token[] {
  const lexer = new BoundedLexer(options);
  lexer.tokens.links = links;
  lexer.blockTokens(src, lexer.tokens);
  if (repair) repairLast(lexer, repair);
  for (const { src: text, tokens } of lexer.inlineQueue) lexer.inlineTokens(text, tokens);
  lexer.inlineQueue = [];
  return lexer.tokens;
}

/** Changes the text that the next characters will be added to, if it is prose. */
function repairLast(lexer: Lexer, repair: (text: string) => string): void {
  const last = deepest(lexer.tokens);
  if (!last) return;
  const entry = lexer.inlineQueue.findLast((q) => last.includes(q.tokens) && q.src !== '');
  if (entry) entry.src = repair(entry.src);
}

/** The token lists that the last text may have been queued for; null when the end is no prose. */
function deepest(tokens: readonly Token[]): Token[][] | null {
  const last = tokens.findLast((t) => t.type !== 'space' && t.type !== 'checkbox');
  switch (last?.type) {
    case 'list':
      return deepest((last as Tokens.List).items.at(-1)?.tokens ?? []);
    case 'blockquote':
      return deepest((last as Tokens.Blockquote).tokens);
    case 'table': {
      const table = last as Tokens.Table;
      return (table.rows.at(-1) ?? table.header).map((c) => c.tokens);
    }
    case 'paragraph':
    case 'heading':
    case 'text':
      return [(last as Tokens.Paragraph).tokens];
    default:
      return null;
  }
}
