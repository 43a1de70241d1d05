import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ask } from './ask';
import { Colourer } from './colourer';
import { Painter } from './paint';

/** The worker's code, in the same thread. */
class Near {
  onmessage: ((e: MessageEvent) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly asked: Ask[] = [];
  readonly #colourer = new Colourer();

  postMessage(ask: Ask): void {
    this.asked.push(ask);
    void this.#colourer.answer(ask).then((data) => this.onmessage?.({ data } as MessageEvent));
  }
}

let near: Near;
let painter: Painter;
beforeEach(() => {
  near = new Near();
  painter = new Painter(async () => near as unknown as Worker);
});
afterEach(() => {
  document.body.replaceChildren();
});

const text = 'const a = 1; // one\nlet b = "two";\n\nreturn a';
const element = () => document.body.appendChild(document.createElement('code'));
const spans = (e: Element) => [...e.querySelectorAll('span')].map((s) => `${s.className} ${s.textContent}`);
const whole = ['k const', 'n 1', 'c // one', 'k let', 's "two"', 'k return'];

/** The first words of a language compile its rules. */
const soon = { timeout: 20_000 };

describe('code', { timeout: 30_000 }, () => {
  test('is there at once, gets its colours later, and stays the same text', async () => {
    const e = element();
    painter.show(e, 'ts', text, false);
    expect(e.textContent).toBe(text);
    expect(e.children).toHaveLength(0);
    await vi.waitFor(() => expect(spans(e)).toEqual(whole), soon);
    expect(e.textContent).toBe(text);
  });

  test('that grows keeps its finished lines as they are', async () => {
    const e = element();
    painter.show(e, 'ts', text.slice(0, 24), true);
    await vi.waitFor(() => expect(spans(e)).toContain('k let'), soon);
    const first = e.querySelector('span');
    for (let n = 25; n <= text.length; n++) {
      painter.show(e, 'ts', text.slice(0, n), true);
      expect(e.textContent).toBe(text.slice(0, n));
      if (n % 4 === 0) await new Promise((done) => setTimeout(done));
    }
    painter.show(e, 'ts', text, false);
    await vi.waitFor(() => expect(spans(e)).toEqual(whole), soon);
    expect(e.querySelector('span')).toBe(first);
    expect(near.asked.filter((a) => a.from === 0 && a.text.includes('// one\nlet b = "two"'))).toHaveLength(0);
  });

  test('that was shown before has its colours from its first frame', async () => {
    const e = element();
    painter.show(e, 'ts', text, false);
    await vi.waitFor(() => expect(spans(e)).toEqual(whole), soon);
    const asked = near.asked.length;
    const again = element();
    painter.show(again, 'typescript', text, false);
    expect(spans(again)).toEqual(whole);
    expect(near.asked).toHaveLength(asked);
  });

  test('that goes on in another element takes its colours along', async () => {
    const e = element();
    painter.show(e, 'ts', text, true);
    await vi.waitFor(() => expect(spans(e)).toEqual(whole), soon);
    const closed = element();
    painter.show(closed, 'ts', text, false);
    expect(spans(closed)).toEqual(whole);
    expect(closed.textContent).toBe(text);
  });

  test('may change in the middle', async () => {
    const e = element();
    painter.show(e, 'ts', text, true);
    await vi.waitFor(() => expect(spans(e)).toEqual(whole), soon);
    painter.show(e, 'ts', 'let c', true);
    expect(e.textContent).toBe('let c');
    await vi.waitFor(() => expect(spans(e)).toEqual(['k let']), soon);
  });

  test('is plain after 2000 lines, without a language, and without a worker', { timeout: 30_000 }, async () => {
    const long = 'let a\n'.repeat(2100);
    const e = element();
    painter.show(e, 'ts', long, false);
    await vi.waitFor(() => expect(e.querySelectorAll('span')).toHaveLength(2000), { timeout: 25_000 });
    expect(e.textContent).toBe(long);
    const none = element();
    painter.show(none, 'nolang<script>', '<img src=x onerror=alert(1)>', false);
    const failing = new Painter(() => Promise.reject(new Error('no worker')));
    const plain = element();
    failing.show(plain, 'ts', text, true);
    failing.show(plain, 'ts', `${text}\nmore`, false);
    await new Promise((done) => setTimeout(done, 20));
    expect(plain.textContent).toBe(`${text}\nmore`);
    expect(plain.children).toHaveLength(0);
    expect(none.innerHTML).toBe('&lt;img src=x onerror=alert(1)&gt;');
  });

  test('that is no longer in the page is not asked about', async () => {
    const gone = element();
    const first = element();
    painter.show(first, 'ts', text, false);
    painter.show(gone, 'ts', 'let x', false);
    gone.remove();
    await vi.waitFor(() => expect(spans(first)).toEqual(whole), soon);
    expect(near.asked.some((a) => a.text === 'let x')).toBe(false);
  });
});
