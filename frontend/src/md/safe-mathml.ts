import DOMPurify from 'dompurify';

const tags = (
  'math semantics mrow mi mn mo mtext mspace ms mfrac msqrt mroot msub msup msubsup munder mover munderover ' +
  'mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose merror none'
).split(' ');
const attrs = (
  'display class style mathvariant stretchy fence separator form lspace rspace minsize maxsize movablelimits accent ' +
  'accentunder symmetric largeop linethickness width height depth voffset scriptlevel displaystyle notation ' +
  'columnalign columnspan rowspan columnspacing rowspacing columnlines rowlines dir'
).split(' ');

/** Styles that a formula needs: lengths, borders and colours. None of them can load anything or leave the formula's box. */
const style =
  /^(?:color|background-color|display|width|height|padding(?:-\w+)?|border(?:-\w+)*|text-align|vertical-align|math-depth|font-weight|font-size)$/;
const value = /^[\w\s.%#+-]{1,60}$/;

let purifier: ReturnType<typeof DOMPurify> | undefined;

/** Markup of a formula as nodes. The second lock behind a renderer that is told to trust nothing. */
export function safeMathml(markup: string): DocumentFragment {
  purifier ??= make();
  return purifier.sanitize(markup, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attrs,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

function make(): ReturnType<typeof DOMPurify> {
  const p = DOMPurify(window);
  if (!p.isSupported) throw new Error('this browser cannot clean markup');
  p.addHook('uponSanitizeAttribute', (_, attr) => {
    if (attr.attrName === 'style') attr.attrValue = harmless(attr.attrValue);
    if (attr.attrName === 'style' && attr.attrValue === '') attr.keepAttr = false;
  });
  return p;
}

function harmless(css: string): string {
  return css
    .split(';')
    .map((d) => d.split(':').map((half) => half.trim()))
    .filter(([name = '', of = '', ...more]) => more.length === 0 && style.test(name) && value.test(of))
    .map(([name, of]) => `${name}:${of}`)
    .join(';');
}
