import { painter } from '../../../code';
import { formula, isFormula } from './formula.svelte';

/** For `patch`: code and formulas inside of a block that grows. */
export function growing(e: Element, text: string): boolean {
  return show(e, text, true);
}

/** Code and formulas inside of a block that is closed. */
export function dress(block: Element): void {
  for (const e of block.querySelectorAll('code[class^="language-"], .md-math')) {
    if (e.firstElementChild === null) show(e, e.textContent ?? '', false);
  }
}

/** The text of a block of code. The element is the painter's from now on. */
export function code(e: Element, lang: string, text: string, open: boolean): void {
  painter.show(e, lang, text, open);
}

function show(e: Element, text: string, open: boolean): boolean {
  if (isFormula(e)) return formula(e, text);
  painter.show(e, e.className.replace('language-', ''), text, open);
  return true;
}
