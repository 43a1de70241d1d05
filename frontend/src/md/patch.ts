import { type MdElement, type MdNode, textOf } from './node';
import { safeElement } from './safe-element';

const leaves = /^(?:language-|md-math)/;

/** Shows the text of a leaf (code with a language, mathematics) in its own way. False: it does not, the text is to be set. */
export type Leaf = (e: Element, text: string) => boolean;

/**
 * Makes the children of `parent` show the nodes and touches only what differs:
 * text goes into text nodes, so nothing is ever parsed as HTML.
 * `parent` must have no other writer, but for what is inside of leaves.
 */
export function patch(parent: Element, nodes: readonly MdNode[], leaf?: Leaf): void {
  for (const [i, n] of nodes.entries()) place(parent, parent.childNodes[i] ?? null, n, leaf);
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}

function place(parent: Element, old: ChildNode | null, n: MdNode, leaf: Leaf | undefined): void {
  if (typeof n === 'string') {
    if (old?.nodeType !== Node.TEXT_NODE) {
      swap(parent, old, document.createTextNode(n));
      return;
    }
    write(old as Text, n);
    return;
  }
  const reuse = old instanceof Element && old.localName === n.tag && sameAttrs(old, n);
  const target = reuse ? old : safeElement(n);
  if (!isLeaf(n) || !leaf?.(target, textOf(n.kids))) patch(target, n.kids, leaf);
  if (!reuse) swap(parent, old, target);
}

function isLeaf({ attrs }: MdElement): boolean {
  return attrs?.class !== undefined && leaves.test(attrs.class);
}

/** Adding at the end keeps a person's selection in the text before. */
function write(node: Text, text: string): void {
  if (node.data === text) return;
  if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
  else node.data = text;
}

function sameAttrs(e: Element, { attrs = {} }: MdElement): boolean {
  const names = Object.keys(attrs);
  return e.attributes.length === names.length && names.every((name) => e.getAttribute(name) === attrs[name]);
}

function swap(parent: Element, old: ChildNode | null, next: ChildNode): void {
  if (old) old.replaceWith(next);
  else parent.append(next);
}
