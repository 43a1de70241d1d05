import './board.css';
import mermaid from 'mermaid';
import { safeSvg } from '../md/safe-svg';
import { type Inks, variables } from './inks';

export interface Drawing {
  svg: SVGSVGElement;
  width: number;
  height: number;
  /** Its words in order: what it says to somebody who does not see it. */
  words: string;
}

/** Longer sources are not drawn: that would hold up the page for seconds. */
const longest = 20_000;
let count = 0;
let inkOf = '';

/** Thrown when the source is none that can be drawn; the message says where, in mermaid's words. */
export class NotDrawn extends Error {}

/** Draws on a hidden board of its own. Its styles come from `inks`; a source cannot set them, nor fonts or styles of the page. */
export async function draw(source: string, inks: Inks): Promise<Drawing> {
  if (source.length > longest || loads(source)) throw new NotDrawn('');
  prepare(inks);
  const board = document.createElement('div');
  board.className = 'drawing-board';
  document.body.append(board);
  try {
    const { svg } = await mermaid.render(`drawing-${++count}`, source, board);
    return measured(svg);
  } catch (e) {
    throw e instanceof NotDrawn ? e : new NotDrawn(e instanceof Error ? e.message : '');
  } finally {
    board.remove();
  }
}

/** Pictures and addresses in a source would be asked for while it is drawn, before anything can be cleaned. */
export function loads(source: string): boolean {
  return /url\s*\(|@import|\bimg\s*:|<\s*(?:img|image|iframe|object|embed|link|script|style|svg|video|audio)\b/i.test(source);
}

function prepare(inks: Inks): void {
  const now = JSON.stringify(inks);
  if (now === inkOf) return;
  inkOf = now;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    // What a source may not set in its own head.
    secure: [
      'secure',
      'securityLevel',
      'startOnLoad',
      'maxTextSize',
      'maxEdges',
      'suppressErrorRendering',
      'theme',
      'themeVariables',
      'themeCSS',
      'fontFamily',
      'altFontFamily',
      'darkMode',
      'htmlLabels',
      'dompurifyConfig',
    ],
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: longest,
    maxEdges: 400,
    deterministicIds: true,
    theme: 'base',
    darkMode: inks.dark,
    fontFamily: inks.font,
    themeVariables: variables(inks),
    themeCSS: '.edgeLabel rect, .edgeLabel .background { opacity: 1 }', // a line does not run through its words
  });
}

function measured(markup: string): Drawing {
  const svg = safeSvg(markup);
  const box = svg?.viewBox.baseVal;
  if (!svg || !box || !(box.width > 0 && box.height > 0)) throw new NotDrawn('');
  svg.removeAttribute('style');
  svg.setAttribute('width', String(Math.ceil(box.width)));
  svg.setAttribute('height', String(Math.ceil(box.height)));
  return { svg, width: box.width, height: box.height, words: wordsOf(svg) };
}

function wordsOf(svg: SVGSVGElement): string {
  const texts = [...svg.querySelectorAll('title, desc, text, foreignObject')].map((e) =>
    (e.textContent ?? '').replace(/\s+/g, ' ').trim(),
  );
  const words = [...new Set(texts)].filter((w) => w !== '').join(', ');
  return words.length > 600 ? `${words.slice(0, 600)}…` : words;
}
