import { type MdNode, toHtml } from './node';

export type BlockKind = 'prose' | 'code' | 'table' | 'math';

/** One block of a text. It never changes: another content is another object with the same id. */
export class Block {
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
    /** What `patch` shows. */
    readonly nodes: readonly MdNode[],
  ) {}
}

/** Whether two blocks show the same. */
export function same(a: Block, b: Block): boolean {
  return a.kind === b.kind && a.open === b.open && a.lang === b.lang && a.text === b.text && toHtml(a.nodes) === toHtml(b.nodes);
}
