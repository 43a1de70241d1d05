// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { copyOf, remember } from './copy';
import { typeset } from './typeset';

const markup = (nodes: DocumentFragment | null) => {
  const div = document.createElement('div');
  if (nodes) div.append(nodes);
  return div;
};

describe('a formula', () => {
  test('becomes MathML, each time as nodes of its own', () => {
    const one = typeset('\\frac{1}{2}x^2', true);
    const two = typeset('\\frac{1}{2}x^2', true);
    expect(one).not.toBe(two);
    for (const made of [one, two]) {
      const math = markup(made).querySelector('math');
      expect(math?.getAttribute('display')).toBe('block');
      expect(math?.querySelector('mfrac')?.namespaceURI).toBe('http://www.w3.org/1998/Math/MathML');
    }
  });

  test.each([
    '\\frac{1',
    '\\nosuch',
    '\\href{javascript:alert(1)}{x}',
    '\\includegraphics{https://evil.example/x.png}',
    '\\htmlClass{x}{y}',
    'x'.repeat(8001),
    '\\def\\a{\\a\\a}\\a',
    '\\gdef\\a#1{#1#1#1#1}\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}}}}',
  ])('that is none, or asks for more, stays as it was written: %s', (tex) => {
    const made = typeset(tex, false);
    if (made) expect(markup(made).querySelectorAll('*').length).toBeLessThan(2000);
    expect(markup(made).querySelector('a,img,script,[href],[src]')).toBeNull();
  });

  test.each([
    '\\text{<img src=x onerror=alert(1)>}',
    '\\text{<script>alert(1)</script>}',
    '\\url{javascript:alert(1)}',
    '\\class{x" onclick="alert(1)}{y}',
    '\\style{position:fixed;inset:0;background:url(https://evil.example)}{x}',
    '\\htmlStyle{position:fixed}{x}',
    '\\htmlId{location}{x}',
    '\\htmlData{a=b}{x}',
    '\\color{url(https://evil.example)}x',
    '\\textcolor{red;position:fixed}{x}',
    '\\unicode{60}',
    '</math><img src=x onerror=alert(1)>',
    '\\text{</mtext><style><img src=x onerror=alert(1)></style>}',
    '\\rule{99999em}{99999em}',
    '\\kern99999em x',
  ])('does no harm: %s', (tex) => {
    const root = markup(typeset(tex, true));
    for (const e of root.querySelectorAll('*')) {
      expect(e.namespaceURI).toBe('http://www.w3.org/1998/Math/MathML');
      for (const { name, value } of e.attributes) {
        expect(/^on|^id$|^name$|href|src|^data-/.test(name), `${name}=${value}`).toBe(false);
        expect(value).not.toMatch(/url|position|inset|javascript|expression/i);
        expect(value).not.toMatch(/\d{4,}(?:\.\d+)?(?:em|ex|px)/);
      }
    }
  });
});

test('what is copied has the TeX', () => {
  document.body.innerHTML = '<div><p>Let <span class="md-math">x</span> be.</p><div class="md-math">y</div><p>So.</p></div>';
  const [inline, display] = document.querySelectorAll('.md-math');
  if (!inline || !display) throw new Error('no formulas');
  inline.replaceChildren(typeset('a_b', false) ?? '');
  remember(inline, 'a_b', false);
  display.replaceChildren(typeset('\\frac12', true) ?? '');
  remember(display, '\\frac12', true);
  const range = document.createRange();
  range.selectNodeContents(document.body);
  expect(copyOf(range)).toBe('Let $a_b$ be.\n$$\n\\frac12\n$$\nSo.');
  range.selectNodeContents(display);
  expect(copyOf(range)).toBe('$$\n\\frac12\n$$');
  range.selectNodeContents(document.querySelector('p:last-of-type') ?? document.body);
  expect(copyOf(range)).toBeNull();
});
