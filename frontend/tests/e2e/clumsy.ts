import type { Locator, Page } from '@playwright/test';
import { call, promptOf, type Say, type Script } from './model';
import { composer } from './program';

/** Random numbers that come again with the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Answers with tools, asks, thoughts and long texts, as the prompt's word says. Each answer has a mark of its own. */
export function talker(): Script {
  let n = 0;
  const end = (more: Say = {}): Say => ({ text: `A${++n}a is the answer.`, ...more });
  return (asked, round) => {
    const word = /tool|ask|question|plan|long|slow|break|write/.exec(promptOf(asked))?.[0];
    if (round > 0) return end();
    switch (word) {
      case 'tool':
        return {
          thought: 'I look first.',
          text: 'I look.',
          calls: [
            call('shell', { command: 'ls' }),
            call('read_file', { path: 'notes.md' }),
            call('search_files', { pattern: 'x' }),
          ],
        };
      case 'ask':
        return { calls: [call('shell', { command: 'echo $HOME && echo two' })] };
      case 'write':
        return {
          calls: [
            call('write_file', { path: `f${++n}.txt`, content: 'one\ntwo\n' }),
            call('shell', { command: 'echo a; echo b' }),
          ],
        };
      case 'question':
        return { calls: [call('ask_user', { question: 'Which one?', choices: ['red', 'green'] })] };
      case 'plan':
        return {
          calls: [
            call('plan', {
              items: [
                { text: 'one', state: 'done' },
                { text: 'two', state: 'active' },
              ],
            }),
          ],
        };
      case 'long':
        return end({
          text: `A${++n}a.\n\n${'# Head\n\nSome **words** and `code`.\n\n```js\nlet x = 1;\n```\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n'.repeat(12)}`,
          gap: 1,
        });
      case 'slow':
        return end({ text: `A${++n}a ${'slow words '.repeat(150)}`, gap: 25 });
      case 'break':
        return end({ text: `A${++n}a and then`, breaks: true });
      default:
        return end();
    }
  };
}

const kinds = ['hello', 'tool', 'ask', 'question', 'plan', 'long', 'slow', 'break', 'write', 'tool then'] as const;
const keys = [
  'Escape',
  'Escape',
  'Escape',
  'Tab',
  'Shift+Tab',
  'Enter',
  'ArrowUp',
  'ArrowDown',
  'Control+k',
  'Control+f',
  '?',
  'n',
  'j',
  'k',
  'b',
  'o',
  'l',
  'r',
  'u',
  'y',
  'q',
  'a',
  'd',
  'e',
  'c',
  '/',
  'g',
  's',
  't',
  'F6',
  'F2',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  ' ',
  'Backspace',
  'Control+Enter',
  'Alt+ArrowUp',
  'Delete',
  'Control+a',
  'Control+z',
];
const typed = [
  '/',
  '/st',
  '/model',
  '@',
  '@no',
  'some words',
  '/queue later',
  '/title A name',
  '{n} $&',
  '  ',
  '# x\n\n- y',
  '🙂',
  '/compress',
];
const buttons =
  'button:visible:not([data-never]), a[href^="/"]:visible, summary:visible, [role="menuitem"]:visible, [role="option"]:visible, [role="tab"]:visible, input[type="radio"]:visible, input[type="checkbox"]:visible';

/** One clumsy deed; returns what it was. It may come to nothing. */
export async function blunder(page: Page, roll: () => number, n: number): Promise<string> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
  const x = roll();
  const sort = roll();
  if (x < 0.2) {
    const what = `P${n}p ${pick(kinds)}`;
    await composer(page).fill(what, { timeout: 500 });
    await composer(page).press(pick(['Enter', 'Enter', 'Enter', 'Control+Enter', 'Control+Shift+Enter']), { timeout: 500 });
    return `send ${what}`;
  }
  if (x < 0.28) {
    const what = pick(typed);
    await composer(page).pressSequentially(what, { timeout: 1000 });
    return `type ${what}`;
  }
  if (x < 0.5) return press(page, pick(keys));
  if (x < 0.86) return click(page.locator(buttons), sort);
  if (x < 0.9) {
    const size = pick([
      [1280, 800],
      [390, 844],
      [320, 600],
      [800, 500],
      [1600, 900],
    ] as const);
    await page.setViewportSize({ width: size[0], height: size[1] });
    return `size ${size}`;
  }
  if (x < 0.92) return page.reload().then(() => 'reload');
  if (x < 0.95) return page.goBack({ timeout: 2000 }).then(() => 'back');
  if (x < 0.96) return page.goForward({ timeout: 2000 }).then(() => 'forward');
  await page.mouse.move(roll() * 1000, roll() * 700);
  await page.mouse.wheel(0, (sort - 0.5) * 3000);
  return 'wheel';
}

async function press(page: Page, key: string): Promise<string> {
  await page.keyboard.press(key);
  return `key ${key}`;
}

async function click(all: Locator, at: number): Promise<string> {
  const count = await all.count();
  const one = all.nth(Math.floor(at * count));
  const name = await one.evaluate(
    (e) => `${e.localName} "${(e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40)}"`,
    null,
    { timeout: 500 },
  );
  if (/Quit|Restart|End the program|Export|Save as/i.test(name)) return `not ${name}`;
  await one.click({ timeout: 300, noWaitAfter: true });
  return `click ${name}`;
}

/** Text that nobody wrote: it comes from a value that was not there. */
export function nonsense(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const text = document.body.innerText;
    return text.match(/.{0,40}(?:\[object \w+\]|\bundefined\b|\bNaN\b).{0,40}/g) ?? [];
  });
}
