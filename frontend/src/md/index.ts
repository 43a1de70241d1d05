export { Block, type BlockKind } from './block';
export type { MdElement, MdNode } from './node';
export { patch } from './patch';
export { safeHtml } from './safe-html';
export { parse, StreamDoc } from './stream-doc';
