import { remember } from '../../../math/copy';

type Typeset = typeof import('../../../math/typeset').typeset;

let engine = $state.raw<Typeset | null>(null);
let asked = false;
const shown = new WeakMap<Element, string>();

/** Sets formulas; null until it is there. It comes with the first formula. */
export function typesetter(): Typeset | null {
  if (!asked) {
    asked = true;
    load().then(
      (typeset) => {
        engine = typeset;
      },
      () => {
        asked = false;
      },
    );
  }
  return engine;
}

/** With its face: a formula that changed it later would move what is around it. */
async function load(): Promise<Typeset> {
  const { typeset } = await import('../../../math/typeset');
  await document.fonts.load('1em "Hermes Math"');
  return typeset;
}

export function isFormula(e: Element): boolean {
  return e.classList.contains('md-math');
}

/** Shows TeX as a formula; what is not understood stays TeX. False: not yet. */
export function formula(e: Element, tex: string): boolean {
  const typeset = typesetter();
  if (!typeset) return false;
  if (shown.get(e) === tex && e.firstChild) return true;
  shown.set(e, tex);
  const display = e.classList.contains('md-math-block');
  const nodes = typeset(tex, display);
  if (nodes === null) {
    e.textContent = tex;
    return true;
  }
  e.replaceChildren(nodes);
  remember(e, tex, display);
  return true;
}
