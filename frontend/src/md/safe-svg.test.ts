// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { localCss, safeSvg } from './safe-svg';

const svg = (inside: string) => safeSvg(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inside}</svg>`);

describe('a drawing', () => {
  test.each([
    '<script>alert(1)</script>',
    '<g onclick="alert(1)"><rect/></g>',
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<a xlink:href="https://evil.example"><text>x</text></a>',
    '<image href="https://evil.example/x.png"/>',
    '<use href="https://evil.example/x.svg#a"/>',
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<set attributeName="onload" to="alert(1)"/>',
    '<foreignObject><iframe src="https://evil.example"></iframe></foreignObject>',
    '<foreignObject><div><img src=x onerror=alert(1)></div></foreignObject>',
    '<foreignObject><form action="/api"><input></form></foreignObject>',
    '<style>@import "https://evil.example/x.css"; g{fill:url(https://evil.example/x)}</style>',
    '<style>g{background:image-set("https://evil.example/a.png" 1x)}</style>',
    '<rect style="fill:url(//evil.example/x)"/>',
    '<rect fill="url(https://evil.example/x)"/>',
    '<feImage href="https://evil.example/x.png"/>',
    '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
  ])('does no harm: %s', (inside) => {
    const clean = svg(inside);
    const text = clean?.outerHTML ?? '';
    expect(clean?.querySelector('script,a,image,iframe,img,form,input,animate,set,feImage,math') ?? null).toBeNull();
    expect(text).not.toMatch(/evil|javascript:|\son\w+=|@import|image-set/i);
  });

  test('keeps its shapes, its styles and its references into itself', () => {
    const clean = svg(
      '<style>#d .node rect{fill:#fff;stroke:#000}</style><defs><marker id="m"><path d="M0 0"/></marker></defs><path d="M0 0L9 9" marker-end="url(#m)"/><text>words</text><foreignObject><div><span>label</span></div></foreignObject>',
    );
    expect(clean?.querySelector('style')?.textContent).toContain('#d .node rect{fill:#fff');
    expect(clean?.querySelector('path[marker-end="url(#m)"]')).not.toBeNull();
    expect(clean?.textContent).toContain('label');
  });

  test('is nothing when there is none', () => {
    expect(safeSvg('<p>no</p>')).toBeNull();
  });
});

test.each([
  ['a{fill:url(#x)}', 'a{fill:url(#x)}'],
  ['a{fill:url("#x")}', 'a{fill:url("#x")}'],
  ['a{b:url( "https://e.example" )}', 'a{b:none}'],
  ['a{b:u\\72l(https://e.example)}', 'a{b:u72l(https://e.example)}'],
  ['a{b:url(data:image/svg+xml,x)}', 'a{b:none}'],
  ['@import url(x);a{b:c}', 'a{b:c}'],
  ['a{b:u/**/rl(x)}', 'a{b:none}'],
  ['@font-face{font-family:x;src:url(x)}a{b:c}', 'a{b:c}'],
])('styles load nothing: %s', (css, want) => expect(localCss(css)).toBe(want));
