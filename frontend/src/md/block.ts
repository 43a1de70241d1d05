import { type MdNode, toHtml } from './node';
import { safeHtml } from './safe-html';

export type BlockKind = 'prose' | 'code' | 'table' | 'math';

/** One block of a text. It never changes: another content is another object with the same id. */
export class Block {
  #html: string | undefined;

  constructor(
    /** Place in the document, from 0: a key that stays while the block grows. */
    readonly id: number,
    readonly kind: BlockKind,
    /** More text may still change it. */
    readonly open: boolean,
    /** Language of code, '' where there is none. */
    readonly lang: string,
    /** The code without its fence, the TeX without its dollars, else the source. */
    readonly text: string,
    /** For `patch`: shows the open block without cleaning HTML in every frame. */
    readonly nodes: readonly MdNode[],
  ) {}

  /** Clean markup. Made when first asked for: do not ask for it in every frame of an open block. */
  get html(): string {
    this.#html ??= safeHtml(toHtml(this.nodes));
    return this.#html;
  }
}

/** Whether two blocks show the same. */
export function same(a: Block, b: Block): boolean {
  return a.kind === b.kind && a.open === b.open && a.lang === b.lang && a.text === b.text && toHtml(a.nodes) === toHtml(b.nodes);
}
