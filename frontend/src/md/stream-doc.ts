import type { Token, Tokens } from 'marked';
import { Block, same } from './block';
import { type Links, lex } from './lex';
import type { MathToken } from './math';
import { language, render } from './render';
import { repair } from './repair';
import { provisional } from './table';

/** Marks on the last line that say nothing alone: the first of a rule, an item, a fence, a heading. */
const undecided = /(^|\n)[ \t]*(?:[-*+_]{1,2}|`{1,2}|~{1,2}|#{1,6}|\|)[ \t]*$/;

/**
 * A Markdown text that grows. Only its last block is parsed again when text is
 * added; the blocks before it keep their identity. After `end` the blocks are
 * exactly those of the whole text parsed at once.
 */
export class StreamDoc {
  #text = '';
  /** The text with one kind of line end: what is parsed. */
  #source = '';
  /** Where the open block begins in the source. */
  #tail = 0;
  #closed: Block[] = [];
  #blocks: readonly Block[] = [];
  #links: Links = {};
  #ended = false;

  /** A new array after each change; unchanged blocks are the same objects. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get text(): string {
    return this.#text;
  }

  append(more: string): void {
    if (more === '') return;
    if (this.#ended) {
      this.set(this.#text + more);
      return;
    }
    const half = this.#text.endsWith('\r') && more.startsWith('\n'); // its line end is there already
    this.#text += more;
    this.#source += normal(half ? more.slice(1) : more);
    this.#grow();
  }

  /** Takes the whole text. Cheap when it goes on from what is there, else it begins anew. */
  set(text: string): void {
    if (text === this.#text) return;
    if (!this.#ended && text.startsWith(this.#text)) {
      this.append(text.slice(this.#text.length));
      return;
    }
    this.#text = text;
    this.#source = normal(text);
    this.#tail = 0;
    this.#closed = [];
    this.#links = {};
    this.#ended = false;
    this.#grow();
  }

  /**
   * Nothing more will come. The whole text is parsed once more, because a link's
   * definition may follow its use; blocks that stay the same keep their identity.
   */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const before = this.#blocks;
    this.#blocks = blocks(lex(this.#source, {}), 0, false).map((b, i) => {
      const old = before[i];
      return old && same(old, b) ? old : b;
    });
  }

  #grow(): void {
    const source = this.#source.slice(this.#tail).replace(undecided, '$1');
    const tokens = lex(source, this.#links, repair);
    const last = openFrom(tokens);
    if (last > 0) this.#close(tokens.slice(0, last));
    const open = tokens.slice(last);
    this.#blocks = [...this.#closed, ...blocks(this.#guess(open), this.#closed.length, true)];
  }

  #close(tokens: readonly Token[]): void {
    this.#closed.push(...blocks(tokens, this.#closed.length, false));
    for (const t of tokens) this.#tail += t.raw.length;
  }

  /** A paragraph that looks like the head of a table is shown as one. */
  #guess(open: Token[]): Token[] {
    const source = open[0]?.type === 'paragraph' ? provisional(open[0].raw) : null;
    return source === null ? open : lex(source, { ...this.#links }, repair);
  }
}

/** The index of the first token that more text may change. */
function openFrom(tokens: readonly Token[]): number {
  const last = Math.max(0, solid(tokens, tokens.length));
  if (!/^\s*\d{1,9}$/.test(tokens[last]?.raw ?? '')) return last;
  const before = solid(tokens, last); // the number may become the next item of the list before it
  return tokens[before]?.type === 'list' ? before : last;
}

function solid(tokens: readonly Token[], end: number): number {
  return tokens.slice(0, end).findLastIndex((t) => t.type !== 'space');
}

/** The blocks of a finished text. */
export function parse(text: string): readonly Block[] {
  return blocks(lex(normal(text), {}), 0, false);
}

function normal(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd');
}

function blocks(tokens: readonly Token[], first: number, open: boolean): Block[] {
  return tokens.filter((t) => t.type !== 'space' && t.type !== 'def').map((t, i) => block(t, first + i, open));
}

function block(t: Token, id: number, open: boolean): Block {
  const nodes = render([t]);
  switch (t.type) {
    case 'code':
      return new Block(id, 'code', open, language(t as Tokens.Code), (t as Tokens.Code).text, nodes);
    case 'math':
      return new Block(id, 'math', open, '', (t as MathToken).tex, nodes);
    case 'table':
      return new Block(id, 'table', open, '', t.raw, nodes);
    default:
      return new Block(id, 'prose', open, '', t.raw, nodes);
  }
}
