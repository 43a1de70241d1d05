import { Lexer, type Token, type TokensList } from 'marked';

/** Quotes, lists and marks that stand in one another. Deeper ones are text. */
const deepest = 16;

/** Characters times marks: about the time that looking for the ends of marks takes, in nanoseconds. */
const budget = 200_000_000;
const mark = /[*_~`[<\\$@]/g;

/**
 * A text may be made to be read slowly, or never. This reads what goes beyond
 * anything that people or models write as plain text, in place of that.
 */
export class BoundedLexer extends Lexer {
  #depth = 0;
  #left = budget;

  override blockTokens(src: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] = [], clipped?: boolean): Token[] {
    return this.#within(src, tokens, () => super.blockTokens(src, tokens, clipped));
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    this.#left -= src.length * (src.match(mark)?.length ?? 0);
    return this.#within(src, tokens, () => super.inlineTokens(src, tokens));
  }

  #within(src: string, tokens: Token[], read: () => Token[]): Token[] {
    if (this.#depth >= deepest || this.#left < 0) {
      if (src !== '') tokens.push({ type: 'text', raw: src, text: src });
      return tokens;
    }
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}
