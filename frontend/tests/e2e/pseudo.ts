import type { Page } from '@playwright/test';
import * as around from '../../src/i18n/en.around';
import * as away from '../../src/i18n/en.away';
import * as chat from '../../src/i18n/en.chat';
import * as md from '../../src/i18n/en.md';
import * as palette from '../../src/i18n/en.palette';
import * as settings from '../../src/i18n/en.settings';
import * as shell from '../../src/i18n/en.shell';

const tables = [around, away, chat, md, palette, settings, shell].flatMap((module) => Object.values(module));

/** English with marks and 40 % more letters, which the page gets in place of German. */
export async function speakPseudo(page: Page, dir: 'ltr' | 'rtl'): Promise<void> {
  const words = Object.fromEntries(tables.flatMap((table) => Object.entries<string>(table)).map(([k, v]) => [k, stretched(v)]));
  const body = `export const dir = ${JSON.stringify(dir)}; export const words = ${JSON.stringify(words)}; export const said = (x) => x;`;
  await page.route(/\/assets\/de-[^/]+\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body }));
  await page.addInitScript(() => localStorage.setItem('hermes.preferences', JSON.stringify({ language: 'de' })));
}

const marks: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ö', u: 'ü', n: 'ñ' };

function stretched(text: string): string {
  return text.split('|').map(one).join('|');
}

function one(text: string): string {
  const marked = text.replace(/\{\w+\}|[aeioun]/g, (x) => marks[x] ?? x);
  const more = Math.ceil(text.replace(/\{\w+\}/g, '').length * 0.4);
  return `⟦${marked}${' lörem'.repeat(Math.ceil(more / 6)).slice(0, more)}⟧`;
}

/** Texts that are cut off with nothing to say so, and what makes the page scroll sideways. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide, the window ${root.clientWidth}`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const of = node.parentElement;
      if (!of || !node.nodeValue?.trim() || !of.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (of.closest('.vh, script, style, noscript, option, [aria-hidden="true"]')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) continue;
      const cutter = cutterOf(of, box);
      if (cutter !== '') found.push(`"${node.nodeValue.trim().slice(0, 60)}" in ${of.localName}.${of.className} by ${cutter}`);
    }
    return found;

    function cutterOf(from: Element, box: DOMRect): string {
      for (let el: Element | null = from; el; el = el.parentElement) {
        const style = getComputedStyle(el);
        const own = el.getBoundingClientRect();
        if (style.clipPath !== 'none' || own.width < 2) return ''; // it is meant to be unseen
        if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible') return '';
        if (style.overflowX === 'auto' || style.overflowX === 'scroll') return '';
        const beyond = box.right > own.right + 1.5 || box.left < own.left - 1.5;
        if (beyond && (style.overflowX === 'hidden' || style.overflowX === 'clip')) return `${el.localName}.${el.className}`;
        if (style.position === 'fixed') break;
      }
      return box.right > innerWidth + 1 || box.left < -1 ? 'the window' : '';
    }
  });
}
