import DOMPurify from 'dompurify';

/** Labels may be small pieces of HTML. */
const html = ['foreignobject', 'div', 'span', 'p', 'br', 'b', 'i', 'strong', 'em', 'code'];
/** Nothing in a drawing leads or loads anywhere, and nothing in it moves. */
const never = ['a', 'image', 'feimage', 'animate', 'animatetransform', 'animatemotion', 'set', 'script', 'iframe', 'img'];

let purifier: ReturnType<typeof DOMPurify> | undefined;

/**
 * A drawing as nodes, with its style sheet. Put it into a shadow root whose host
 * contains paint: its styles are about itself only there, and cannot lie over the page.
 */
export function safeSvg(markup: string): SVGSVGElement | null {
  purifier ??= make();
  const clean = purifier.sanitize(markup, {
    USE_PROFILES: { svg: true, svgFilters: true },
    ADD_TAGS: html,
    ADD_ATTR: ['dominant-baseline', 'xmlns'],
    FORBID_TAGS: never,
    ALLOW_DATA_ATTR: false,
    HTML_INTEGRATION_POINTS: { foreignobject: true },
    RETURN_DOM_FRAGMENT: true,
  });
  return clean.querySelector('svg');
}

function make(): ReturnType<typeof DOMPurify> {
  const p = DOMPurify(window);
  if (!p.isSupported) throw new Error('this browser cannot clean markup');
  p.addHook('uponSanitizeElement', (node) => {
    if (node.nodeName.toLowerCase() === 'style') node.textContent = localCss(node.textContent ?? '');
  });
  p.addHook('uponSanitizeAttribute', (_, attr) => {
    if (/href$/.test(attr.attrName) && !attr.attrValue.startsWith('#')) attr.keepAttr = false;
    else if (/url\(|\\|@import/i.test(attr.attrValue)) attr.attrValue = localCss(attr.attrValue);
  });
  return p;
}

/** Styles without what could load something: only references into the drawing stay. An escape could hide such a thing. */
export function localCss(css: string): string {
  return css
    .replaceAll('\\', '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@(?:import|font-face|namespace|charset)[^;{}]*(?:;|\{[^{}]*\})?/gi, '')
    .replace(/(?:image|image-set|cross-fade|src)\s*\([^)]*\)/gi, 'none')
    .replace(/url\((?!\s*["']?#)[^)]*\)?/gi, 'none');
}
