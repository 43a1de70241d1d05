import { tick } from 'svelte';
import { speak } from '../i18n/tongue';

/** How long parts that are loaded on first use may take to be drawn again. */
const frames = 30;

/**
 * Draws the page again in another language: `redraw` makes every component
 * anew. The focus and the place on the page are where they were. False: the
 * words did not come, and nothing is changed.
 */
export async function retell(tag: string, redraw: () => void): Promise<boolean> {
  if ((await speak(tag)) === false) return false;
  const before = focusable();
  const at = before.indexOf(document.activeElement as HTMLElement);
  const tops = Array.from(scrollers(), (el) => el.scrollTop);
  redraw();
  await tick();
  for (let i = 0; i < frames && focusable().length < before.length; i++) await new Promise(requestAnimationFrame);
  for (const [i, el] of [...scrollers()].entries()) el.scrollTop = tops[i] ?? 0;
  focusable()[at]?.focus({ preventScroll: true });
  return true;
}

function focusable(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')];
}

function scrollers(): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>('.app *, .ph *');
}
