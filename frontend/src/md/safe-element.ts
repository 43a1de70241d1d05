import { imageSrc, linkHref } from './href';
import type { MdElement } from './node';

const words = (s: string): ReadonlySet<string> => new Set(s.split(' '));
const tags = words(
  'p h1 h2 h3 h4 h5 h6 hr br blockquote ul ol li input table thead tbody tr th td pre code strong em del a span img',
);
const attrs = words('class title alt loading start tabindex type disabled checked aria-label');

/**
 * The only way from a text to an element; nothing is ever parsed as HTML. What
 * `render` makes is already within these lists; this is the second lock, with
 * the same rules of addresses. What it does not know becomes a bare span.
 */
export function safeElement({ tag, attrs: given = {} }: MdElement): Element {
  const known = tags.has(tag) && (tag !== 'input' || given.type === 'checkbox') && (tag !== 'img' || isPicture(given.src));
  const e = document.createElement(known ? tag : 'span');
  if (!known) return e;
  for (const [name, value] of Object.entries(given)) if (attrs.has(name)) e.setAttribute(name, value);
  if (tag === 'img' && given.src !== undefined) e.setAttribute('src', given.src); // after `loading`: setting it begins the request
  if (tag === 'a') outward(e, given.href);
  return e;
}

function isPicture(src: string | undefined): boolean {
  return src !== undefined && imageSrc(src) !== null;
}

function outward(a: Element, href: string | undefined): void {
  if (href === undefined || linkHref(href) === null) return;
  a.setAttribute('href', href);
  a.setAttribute('rel', 'noopener noreferrer');
  a.setAttribute('target', '_blank');
}
