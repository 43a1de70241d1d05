import type { Token, Tokens } from 'marked';
import { decodeEntities } from './entity';
import { hostOf, imageSrc, linkHref, misleads, pending } from './href';
import type { MathToken } from './math';
import { el, type MdNode, textOf } from './node';

/** Renders tokens to nodes. Only what is named here ever becomes an element. */
export function render(tokens: readonly Token[]): MdNode[] {
  const out: MdNode[] = [];
  for (const t of tokens) push(out, one(t));
  return out;
}

/** Joins neighbouring texts, so that the DOM has one text node for them. */
function push(out: MdNode[], more: MdNode[]): void {
  for (const n of more) {
    const last = out.at(-1);
    if (typeof n === 'string' && typeof last === 'string') out[out.length - 1] = last + n;
    else out.push(n);
  }
}

function one(t: Token): MdNode[] {
  switch (t.type) {
    case 'space':
    case 'def':
      return [];
    case 'paragraph':
      return [el('p', render(t.tokens ?? []))];
    case 'heading':
      return [el(`h${(t as Tokens.Heading).depth}`, render(t.tokens ?? []))];
    case 'hr':
      return [el('hr')];
    case 'br':
      return [el('br')];
    case 'blockquote':
      return [el('blockquote', render(t.tokens ?? []))];
    case 'list':
      return [list(t as Tokens.List)];
    case 'table':
      return [table(t as Tokens.Table)];
    case 'code':
      return [code(t as Tokens.Code)];
    case 'math':
      return [el('span', [(t as MathToken).tex], { class: 'md-math md-math-block' })];
    case 'inline_math':
      return [el('span', [(t as MathToken).tex], { class: 'md-math' })];
    case 'strong':
    case 'em':
    case 'del':
      return [el(t.type, render((t as Tokens.Em).tokens))];
    case 'codespan':
      return [el('code', [(t as Tokens.Codespan).text])];
    case 'link':
      return link(t as Tokens.Link);
    case 'image':
      return [image(t as Tokens.Image)];
    case 'checkbox':
      return [checkbox((t as Tokens.Checkbox).checked), ' '];
    case 'escape':
      return [(t as Tokens.Escape).text];
    case 'text':
      return 'tokens' in t && t.tokens ? render(t.tokens) : [decodeEntities((t as Tokens.Text).text)];
    default:
      return [t.raw]; // what nobody foresaw is shown as it was written
  }
}

function list(t: Tokens.List): MdNode {
  const items = t.items.map((i) =>
    i.task ? el('li', labelled(render(i.tokens)), { class: 'md-task' }) : el('li', render(i.tokens)),
  );
  const start = t.ordered && t.start !== '' && t.start !== 1 ? { start: String(t.start) } : undefined;
  return el(t.ordered ? 'ol' : 'ul', items, start);
}

function checkbox(checked: boolean): MdNode {
  const attrs = { type: 'checkbox', disabled: '' };
  return el('input', [], checked ? { ...attrs, checked: '' } : attrs);
}

/** A box is named by the words beside it: those up to the first list in its item. */
function labelled(kids: readonly MdNode[]): MdNode[] {
  const end = kids.findIndex((k) => typeof k !== 'string' && /^[ou]l$/.test(k.tag));
  const label = textOf(end < 0 ? kids : kids.slice(0, end)).trim();
  const name = (k: MdNode): MdNode => {
    if (typeof k === 'string') return k;
    if (k.tag === 'input') return el('input', [], { ...k.attrs, 'aria-label': label });
    return k.tag === 'p' ? el('p', k.kids.map(name)) : k;
  };
  return kids.map(name);
}

function table(t: Tokens.Table): MdNode {
  const cell = (tag: string) => (c: Tokens.TableCell) =>
    el(tag, render(c.tokens).flatMap(breaks), c.align ? { class: `md-${c.align}` } : undefined);
  const rows = t.rows.map((r) => el('tr', r.map(cell('td'))));
  const head = el('thead', [el('tr', t.header.map(cell('th')))]);
  return el('table', rows.length > 0 ? [head, el('tbody', rows)] : [head]);
}

/** A cell has no other way to break a line than `<br>`, so there it is one. */
function breaks(n: MdNode): MdNode[] {
  if (typeof n !== 'string' || !n.includes('<')) return [n];
  return n.split(/<br\s*\/?>/i).flatMap((text, i) => (i === 0 ? [text] : [el('br'), text]));
}

function code(t: Tokens.Code): MdNode {
  const lang = language(t);
  return el('pre', [el('code', [t.text], lang ? { class: `language-${lang}` } : undefined)], { tabindex: '0' }); // it scrolls
}

/** The first word after the fence, only if it can be the name of a language. */
export function language(t: Tokens.Code): string {
  return /^[\w#+.-]{1,40}(?=\s|$|[{,:])/.exec((t.lang ?? '').trim())?.[0].toLowerCase() ?? '';
}

function link(t: Tokens.Link): MdNode[] {
  const kids = render(t.tokens);
  if (t.href === pending) return [el('a', kids, { class: 'md-pending' })];
  const href = linkHref(t.href);
  if (href === null) return [el('span', kids, { class: 'md-dead', title: decodeEntities(t.href) })];
  return misleads(textOf(kids), href) ? [outward(href, kids), host(href)] : [outward(href, kids)];
}

/** Says quietly where a link really leads. */
function host(href: string): MdNode {
  return el('span', [` ${hostOf(href)}`], { class: 'md-host' });
}

/** An image from elsewhere would tell its server that, and when, this is read: it is a link until somebody follows it. */
function image(t: Tokens.Image): MdNode {
  const alt = decodeEntities(t.text);
  if (t.href === pending) return el('span', [alt], { class: 'md-image md-pending' });
  const src = imageSrc(t.href);
  if (src !== null) return el('img', [], { src, alt, loading: 'lazy' });
  const href = linkHref(t.href);
  const name = alt || decodeEntities(t.href);
  return el('span', href === null ? [name] : [outward(href, [name, host(href)])], { class: 'md-image' });
}

function outward(href: string, kids: readonly MdNode[]): MdNode {
  return el('a', kids, { href, rel: 'noopener noreferrer', target: '_blank' });
}
