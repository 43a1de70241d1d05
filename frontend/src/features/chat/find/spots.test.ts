import { afterEach, expect, test } from 'vitest';
import type { Hit } from '../../../api/client';
import { chosen, folded, grouped, rootsOf, spotsIn } from './spots';

afterEach(() => document.body.replaceChildren());

function draw(html: string): HTMLElement {
  const box = document.createElement('div');
  box.innerHTML = html;
  document.body.append(box);
  return box;
}

function hit(more: Partial<Hit> = {}): Hit {
  return { turn: 't', part: 'p', in: 'text', at: 0, before: '', match: 'heron', after: '', ...more };
}

const seen = (root: Element, words: string) => spotsIn(root, words).map((s) => s.range.toString());

test('words are found across elements, whatever their case and form', () => {
  const box = draw('<p>A <b>her</b>on, a H<i>ERON</i></p><p>Σίσυφος, cafe\u0301</p>');
  expect(seen(box, 'heron')).toEqual(['heron', 'HERON']);
  expect(seen(box, 'ΣΊΣΥΦΟΣ')).toEqual(['Σίσυφος']);
  expect(seen(box, 'café')).toEqual(['cafe\u0301']);
  expect(seen(box, 'cafe')).toEqual([]);
  expect(seen(box, '')).toEqual([]);
});

test('offsets stay right behind letters that change their length', () => {
  const box = draw('<p>İİ e\u0301e\u0301 😀 heron</p>');
  expect(seen(box, 'heron')).toEqual(['heron']);
});

test('a line that breaks is a space, and paragraphs do not run together', () => {
  expect(seen(draw('<p>still\nwater</p>'), 'still water')).toEqual(['still\nwater']);
  expect(seen(draw('<p>still</p><p>water</p>'), 'stillwater')).toEqual([]);
});

test('what only the page says is not found', () => {
  expect(seen(draw('<p>heron</p><button>heron</button><span class="vh">heron</span>'), 'heron')).toEqual(['heron']);
});

test('the nth hit is the nth place where there are as many of both', () => {
  const spots = spotsIn(draw('<p>heron one, heron two</p>'), 'heron');
  expect(chosen(spots, hit({ after: ' nothing alike' }), 1, 2)?.after).toBe(' two');
});

test('where one is not drawn the surroundings decide', () => {
  const spots = spotsIn(draw('<p>see the heron now, and the heron then</p>'), 'heron');
  expect(chosen(spots, hit({ before: 'and **the** ', after: ' then' }), 2, 3)?.before).toContain('and the ');
  expect(chosen(spots, hit({ before: 'see the ', after: ' now' }), 1, 3)?.after).toMatch(/^ now/);
  expect(chosen([], hit(), 0, 1)).toBeUndefined();
});

test('of a call the row and what it opens are told apart', () => {
  const turn = draw(
    '<details data-part="p"><summary>heron row</summary><div>heron out</div></details><p data-part="prompt">heron</p>',
  );
  const at = (more: Partial<Hit>) => rootsOf(turn, hit(more)).map((x) => x.textContent);
  expect(at({ in: 'title' })).toEqual(['heron row']);
  expect(at({ in: 'output' })).toEqual(['heron out']);
  expect(at({ in: 'prompt', part: null })).toEqual(['heron']);
});

test('hits are grouped by the text that they stand in', () => {
  const all = [hit({ in: 'prompt', part: null }), hit(), hit({ at: 9 }), hit({ in: 'title' }), hit({ turn: 'u' })];
  expect(grouped(all).map((g) => [g.turn, g.part, g.in, g.hits.length])).toEqual([
    ['t', null, 'prompt', 1],
    ['t', 'p', 'text', 2],
    ['t', 'p', 'title', 1],
    ['u', 'p', 'text', 1],
  ]);
});

test('texts are compared as the server compares them', () => {
  expect(folded('Straẞe ſ')).toBe('straße s');
  expect(folded('a\u00a0b\tc')).toBe('a b c');
});
