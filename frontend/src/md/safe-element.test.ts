// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { el, type MdNode, toHtml } from './node';
import { patch } from './patch';
import { parse, StreamDoc } from './stream-doc';

const allowed = /^(?:https?:\/\/|mailto:)/i;

/** What no rendered text may ever hold. */
function expectHarmless(root: ParentNode): void {
  expect(root.querySelectorAll('script,style,iframe,object,embed,form,svg,math,base,meta,link,video,audio,button')).toHaveLength(
    0,
  );
  for (const e of root.querySelectorAll('*')) {
    for (const { name, value } of e.attributes) {
      expect(
        name.startsWith('on') || name === 'style' || name === 'srcset' || name === 'id' || name === 'name',
        `${name}=${value}`,
      ).toBe(false);
      if (name === 'href') expect(value).toMatch(allowed);
      if (name === 'src')
        expect(value).toMatch(/^(?:(?:\/[\w.-]+)*\/api\/attachments\/att_|data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]+$)/);
    }
    if (e.localName === 'a' && e.hasAttribute('href')) {
      expect(e.getAttribute('rel')).toBe('noopener noreferrer');
      expect(e.getAttribute('target')).toBe('_blank');
    }
  }
}

function dom(nodes: readonly MdNode[] = []): HTMLElement {
  const div = document.createElement('div');
  patch(div, nodes);
  return div;
}

function parsed(html: string): HTMLElement {
  const div = document.createElement('div');
  div.innerHTML = html;
  return div;
}

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](<java\nscript:alert(1)>)',
  '[x](javascript&#58;alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](&#x6a;avascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](//evil.example/)',
  '[x](/api/system/quit)',
  '[x](blob:http://localhost/1)',
  '[x](https://e.example "onmouseover=alert(1)")',
  '[x](https://e.example/"onmouseover="alert(1))',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x](https://evil.example/p.png?q=secret)',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![x](data:image/png;base64,AAAA"onerror="alert(1))',
  '![x](data:image/png,<script>alert(1)</script>)',
  '![x"onerror="alert(1)](https://evil.example/p.png)',
  '![x](//evil.example/p.png)',
  '![x](/api/attachments/../system/quit)',
  '![x](/api/attachments/att_01HZZZZZZZZZZZZZZZZZZZZZZZ?x=y)',
  '[x]: javascript:alert(1)\n\n[x]',
  '```"><script>alert(1)</script>\ncode\n```',
  '```ts" onclick="alert(1)\n<script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`',
  '| <img src=x onerror=alert(1)> | <br onclick=alert(1)> |\n|-|-|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |',
  '- [x] <iframe src="javascript:alert(1)"></iframe>',
  '# <style>*{display:none}</style>',
  '> <form action=/api/system/quit><button>x</button></form>',
  '$<img src=x onerror=alert(1)>$',
  '$$\n</code><script>alert(1)</script>\n$$',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<b id=location name=cookie>x</b>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
];

describe('text from outside', () => {
  test.each(attacks)('%j does no harm when whole', (text) => {
    for (const b of parse(text)) expectHarmless(dom(b.nodes));
  });

  test.each(attacks)('%j does no harm at any moment of its arrival', (text) => {
    const doc = new StreamDoc();
    const root = document.createElement('div');
    for (const c of text) {
      doc.append(c);
      patch(
        root,
        doc.blocks.flatMap((b) => b.nodes),
      );
      expectHarmless(root);
      for (const b of doc.blocks) expectHarmless(dom(b.nodes));
    }
  });

  test('raw HTML is shown as it was written', () => {
    expect(dom(parse('a <b>bold</b> <script>x()</script>')[0]?.nodes).textContent).toBe('a <b>bold</b> <script>x()</script>');
  });

  test('an image from elsewhere is a link and makes no request', () => {
    const root = dom(parse('![a cat](https://evil.example/p.png)')[0]?.nodes);
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('.md-image a')?.getAttribute('href')).toBe('https://evil.example/p.png');
    expect(root.textContent).toBe('a cat evil.example');
  });

  test('a picture that the text itself holds is shown', () => {
    const root = dom(parse('![a dot](data:image/png;base64,iVBORw0KGgo=)')[0]?.nodes);
    expect(root.querySelector('img')?.getAttribute('src')).toBe('data:image/png;base64,iVBORw0KGgo=');
  });

  test.each([
    ['[https://bank.example](https://evil.example/x)', 'evil.example'],
    ['[bank.example/login](https://bank.example.evil.example)', 'bank.example.evil.example'],
    ['[https://bank.example](https://bank.example@evil.example)', 'evil.example'],
    ['[**www.bank.example**](https://xn--bnk-rla.example)', 'xn--bnk-rla.example'],
    ['[https://bank.example](https://www.bank.example/x)', null],
    ['[bank.example:8080](https://bank.example)', null],
    ['<https://bank.example>', null],
    ['[the bank](https://evil.example)', null],
    ['[main.go](https://forge.example/main.go)', null],
    ['[v1.2.3](https://forge.example)', null],
  ])('%s says where it leads when its words name another host', (text, host) => {
    const root = dom(parse(text)[0]?.nodes);
    expect(root.querySelector('.md-host')?.textContent?.trim() ?? null).toBe(host);
  });

  test.each(['', '/hermes'])('an attachment of this server under %j is an image', (prefix) => {
    const src = `${prefix}/api/attachments/att_01HZZZZZZZZZZZZZZZZZZZZZZZ`;
    expect(
      dom(parse(`![a](${src})`)[0]?.nodes)
        .querySelector('img')
        ?.getAttribute('src'),
    ).toBe(src);
  });
});

describe('an element, should the renderer ever fail', () => {
  const everywhere = {
    id: 'location',
    name: 'cookie',
    style: 'color:red',
    srcset: 'https://evil.example/p.png',
    onclick: 'x()',
    onerror: 'x()',
    href: 'javascript:x()',
    src: 'https://evil.example/p.png',
    type: 'text',
    'xlink:href': 'javascript:x()',
    'bad name': 'x',
  };

  test.each(
    'p a img input code span script style iframe object embed form button svg math template base meta link SCRIPT'.split(' '),
  )('<%s> with all that could do harm keeps only its words', (tag) => {
    const root = dom([el(tag, ['words'], everywhere)]);
    expectHarmless(root);
    expect(root.querySelectorAll('img,input,template')).toHaveLength(0);
    expect(root.textContent).toBe('words');
  });

  test.each(['/api/system/quit', '//evil.example', 'data:text/html,x', 'blob:http://localhost/1'])(
    'no link leads to %s',
    (href) => {
      expect(dom([el('a', ['x'], { href })]).querySelector('[href]')).toBeNull();
    },
  );

  test('a link that leads out says nothing about where it was', () => {
    const a = dom([el('a', ['x'], { href: 'https://ok.example', target: '_self', rel: 'opener' })]).firstElementChild;
    expect(a?.getAttribute('rel')).toBe('noopener noreferrer');
    expect(a?.getAttribute('target')).toBe('_blank');
  });

  test('what is inside of something unknown is judged too', () => {
    const root = dom([el('svg', [el('script', ['x()']), el('p', [], { onclick: 'x()' })])]);
    expectHarmless(root);
    expect(root.innerHTML).toBe('<span><span>x()</span><p></p></span>');
  });
});

describe('patch', () => {
  test('shows what the markup of the same nodes shows', () => {
    const text = '# T\n\na **b** `c` [d](https://e.example)\n\n- [x] f\n- g\n\n|h|\n|-|\n|i|';
    const root = document.createElement('div');
    const doc = new StreamDoc();
    for (const c of text) {
      doc.append(c);
      patch(
        root,
        doc.blocks.flatMap((b) => b.nodes),
      );
    }
    doc.end();
    patch(
      root,
      doc.blocks.flatMap((b) => b.nodes),
    );
    const want = parsed(doc.blocks.map((b) => toHtml(b.nodes)).join(''));
    expect(root.isEqualNode(want)).toBe(true);
  });

  test('grows a text in place, so that a selection stays', () => {
    const root = document.createElement('div');
    patch(root, [el('p', ['Hel'])]);
    const node = root.firstChild?.firstChild;
    patch(root, [el('p', ['Hello ', el('em', ['you'])])]);
    expect(root.firstChild?.firstChild).toBe(node);
    expect(root.innerHTML).toBe('<p>Hello <em>you</em></p>');
    patch(root, [el('p', ['Hi'])]);
    expect(root.innerHTML).toBe('<p>Hi</p>');
    patch(root, []);
    expect(root.innerHTML).toBe('');
  });
});
