/**
 * A piece of rendered Markdown: a text or an element. `patch` shows it.
 */
export type MdNode = string | MdElement;

export interface MdElement {
  readonly tag: string;
  readonly attrs?: Readonly<Record<string, string>>;
  readonly kids: readonly MdNode[];
}

export function el(tag: string, kids: readonly MdNode[] = [], attrs?: Record<string, string>): MdElement {
  return attrs ? { tag, attrs, kids } : { tag, kids };
}

/** The words alone. */
export function textOf(nodes: readonly MdNode[]): string {
  return nodes.map((n) => (typeof n === 'string' ? n : n.tag === 'br' ? '\n' : textOf(n.kids))).join('');
}

const voids = new Set(['br', 'hr', 'img', 'input']);

/** As markup, to compare two of them. It is never put into the page. */
export function toHtml(nodes: readonly MdNode[]): string {
  let out = '';
  for (const n of nodes) out += typeof n === 'string' ? escapeHtml(n) : element(n);
  return out;
}

function element({ tag, attrs, kids }: MdElement): string {
  let open = `<${tag}`;
  for (const name in attrs) open += ` ${name}="${escapeHtml(attrs[name] ?? '')}"`;
  return voids.has(tag) ? `${open}>` : `${open}>${toHtml(kids)}</${tag}>`;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => escapes[c] ?? c);
}
