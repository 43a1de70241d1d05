export { Block, type BlockKind } from './block';
export { type MdElement, type MdNode, textOf } from './node';
export { type Leaf, patch } from './patch';
export { parse, StreamDoc } from './stream-doc';
