import { beforeEach, expect, it } from 'vitest';
import { drawMark, markState } from './mark';

beforeEach(() => {
  document.head.innerHTML = '<link rel="icon" href="/mark.svg">';
});

it.each([
  [{ asks: 1, connection: 'lost', working: true }, 'needs'],
  [{ asks: 0, connection: 'lost', working: true }, 'stopped'],
  [{ asks: 0, connection: 'newer', working: true }, 'degraded'],
  [{ asks: 0, connection: 'live', working: true }, 'working'],
  [{ asks: 0, connection: 'live', working: false }, 'ready'],
  [{ asks: 0, connection: 'starting', working: false }, 'ready'],
] as const)('%o is drawn as %s', (now, state) => {
  expect(markState(now)).toBe(state);
});

it('each state has a drawing of its own, without a request', () => {
  const drawn = (['needs', 'stopped', 'degraded', 'working', 'ready'] as const).map((state) => {
    drawMark(state);
    return document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.getAttribute('href') ?? '';
  });
  expect(new Set(drawn).size).toBe(5);
  for (const href of drawn) expect(href).toMatch(/^data:image\/svg\+xml,/);
});
