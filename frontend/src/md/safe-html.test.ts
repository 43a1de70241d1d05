// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { el } from './node';
import { patch } from './patch';
import { safeHtml } from './safe-html';
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

function dom(html: string): HTMLElement {
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
    for (const b of parse(text)) expectHarmless(dom(b.html));
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
      for (const b of doc.blocks) expectHarmless(dom(b.html));
    }
  });

  test('raw HTML is shown as it was written', () => {
    expect(dom(parse('a <b>bold</b> <script>x()</script>')[0]?.html ?? '').textContent).toBe(
      'a <b>bold</b> <script>x()</script>',
    );
  });

  test('an image from elsewhere is a link and makes no request', () => {
    const root = dom(parse('![a cat](https://evil.example/p.png)')[0]?.html ?? '');
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('.md-image a')?.getAttribute('href')).toBe('https://evil.example/p.png');
    expect(root.textContent).toBe('a cat evil.example');
  });

  test('a picture that the text itself holds is shown', () => {
    const root = dom(parse('![a dot](data:image/png;base64,iVBORw0KGgo=)')[0]?.html ?? '');
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
    const root = dom(parse(text)[0]?.html ?? '');
    expect(root.querySelector('.md-host')?.textContent?.trim() ?? null).toBe(host);
  });

  test.each(['', '/hermes'])('an attachment of this server under %j is an image', (prefix) => {
    const src = `${prefix}/api/attachments/att_01HZZZZZZZZZZZZZZZZZZZZZZZ`;
    expect(
      dom(parse(`![a](${src})`)[0]?.html ?? '')
        .querySelector('img')
        ?.getAttribute('src'),
    ).toBe(src);
  });
});

describe('safeHtml, should the renderer ever fail', () => {
  test.each([
    '<p onclick="x()" style="color:red" id="a">t</p><script>x()</script>',
    '<a href="javascript:x()">a</a><a href="/api/system/quit">b</a><a href="https://ok.example" target="_self">c</a>',
    '<img src="https://evil.example/p.png"><img src=x onerror=x()><img srcset="https://evil.example/p.png">',
    '<input type="text" autofocus onfocus=x()><iframe srcdoc="<script>x()</script>"></iframe>',
    '<svg><animate onbegin=x() /></svg><math><mi xlink:href="javascript:x()">t</mi></math>',
    '<form><input name=attributes></form><template><script>x()</script></template>',
  ])('%s', (html) => expectHarmless(dom(safeHtml(html))));
});

describe('patch', () => {
  test('shows what the clean HTML of the same nodes shows', () => {
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
    const want = dom(doc.blocks.map((b) => b.html).join(''));
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
