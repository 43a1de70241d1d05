import { preferences } from '../../../app/preferences.svelte';
import { painter } from '../../../code';
import { formula, isFormula } from './formula.svelte';

/** For `patch`: code and formulas inside of a block that grows. */
export function growing(e: Element, text: string): boolean {
  return show(e, text, true);
}

/** Code, formulas and pictures of other servers inside of a block that is closed. Returns what undoes it. */
export function dress(block: Element): (() => void) | undefined {
  for (const e of block.querySelectorAll('code[class^="language-"], .md-math')) {
    if (e.firstElementChild === null) show(e, e.textContent ?? '', false);
  }
  const pictures = [...block.querySelectorAll('.md-image:has(> a)')];
  return pictures.length > 0 ? offered(pictures) : undefined;
}

/** The text of a block of code. The element is the painter's from now on. */
export function code(e: Element, lang: string, text: string, open: boolean): void {
  painter.show(e, lang, text, open);
}

function show(e: Element, text: string, open: boolean): boolean {
  if (isFormula(e)) return preferences.get('math') === 'on' && formula(e, text);
  painter.show(e, e.className.replace('language-', ''), text, open);
  return true;
}

/** They are offered as soon as what does that is there; until then, and should it fail, they are links. */
function offered(pictures: readonly Element[]): () => void {
  let gone = false;
  let off = () => {};
  import('../pictures').then(
    ({ offer }) => {
      if (!gone) off = offer(pictures);
    },
    () => {},
  );
  return () => {
    gone = true;
    off();
  };
}
