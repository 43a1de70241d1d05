import DOMPurify from 'dompurify';
import { imageSrc, linkHref } from './href';

const tags = [
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'br',
  'blockquote',
  'ul',
  'ol',
  'li',
  'input',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'pre',
  'code',
  'strong',
  'em',
  'del',
  'a',
  'span',
  'img',
];
const attrs = [
  'href',
  'rel',
  'target',
  'class',
  'title',
  'src',
  'alt',
  'loading',
  'start',
  'tabindex',
  'type',
  'disabled',
  'checked',
  'aria-label',
];

/** An instance of our own: a hook on the shared one would reach others. Made late: module load may come before a DOM. */
let purifier: ReturnType<typeof DOMPurify> | undefined;

/**
 * The only way from a string to markup. What `render` makes is already within
 * the allow-list; this is the second lock, with the same rules of addresses.
 * It costs far more than parsing: once per closed block, never per frame.
 */
export function safeHtml(html: string): string {
  purifier ??= make();
  return purifier.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attrs,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    SANITIZE_NAMED_PROPS: true,
  });
}

function make(): ReturnType<typeof DOMPurify> {
  const p = DOMPurify(window);
  if (!p.isSupported) throw new Error('this browser cannot clean HTML');
  p.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName === 'A') outward(node);
    if (node.tagName === 'IMG' && imageSrc(node.getAttribute('src') ?? '') === null) node.remove();
    if (node.tagName === 'INPUT' && node.getAttribute('type') !== 'checkbox') node.remove();
  });
  return p;
}

function outward(a: Element): void {
  const href = a.getAttribute('href');
  if (href === null) return;
  if (linkHref(href) === null) {
    a.removeAttribute('href');
    return;
  }
  a.setAttribute('rel', 'noopener noreferrer');
  a.setAttribute('target', '_blank');
}
