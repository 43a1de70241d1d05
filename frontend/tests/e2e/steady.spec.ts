import type { Page } from '@playwright/test';
import { openDirect, test } from './direct';
import { byWord, call } from './model';
import { expect, send, transcript } from './program';

const prose = 'The clock goes back at two, and a job that is due at **half past** runs once, in the first pass. '.repeat(3);
const code = '```go\nfunc (s Schedule) Next(t time.Time) time.Time {\n\treturn t.In(s.zone).Truncate(time.Minute)\n}\n```';
const table = '| Night | Zone | Runs |\n|---|---|---:|\n| 25 Oct | Europe/Berlin | 12 |\n| 1 Nov | America/New_York | 30 |';
const list = '- read the zone\n  - and its *rules*\n- walk forward\n- stop';

const look = [call('list_dir', {}), call('read_file', { path: 'notes.md' })];

test('nothing above the last block moves or is drawn again while an answer grows and ends', async ({ page, model }) => {
  model.script = byWord({
    first: [{ text: `${prose}\n\n${list}` }],
    work: [
      { text: `${prose}\n\n${list}`, calls: look, gap: 5 },
      { text: `${prose}\n\n${code}`, calls: [call('read_file', { path: 'notes.md' })], gap: 5 },
      { text: `${table}\n\n${prose}\n\n${code}\n\n${prose}\n\n${table}\n\n${list}\n\n${prose}`, gap: 10 },
    ],
  });
  await openDirect(page, model);
  await send(page, 'The first question');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden();
  await expect(transcript(page).locator('.e.ag .acts')).toBeVisible();
  await page.evaluate(watch);
  await send(page, 'Now work');
  await expect(transcript(page).locator('.e.ag .acts')).toHaveCount(2);
  const { blocks, frames, faults } = await seen(page);
  expect(faults).toEqual([]);
  expect(blocks, 'blocks that were watched').toBeGreaterThan(15);
  expect(frames, 'pictures that were looked at').toBeGreaterThan(30);
});

interface Seen {
  blocks: number;
  frames: number;
  faults: string[];
}

/** What the page saw, and sees in some pictures more after the end. */
function seen(page: Page): Promise<Seen> {
  return page.evaluate(async () => {
    const { steady } = window as unknown as { steady: Seen };
    const until = steady.frames + 20;
    while (steady.frames < until) await new Promise(requestAnimationFrame);
    return steady;
  });
}

/** Runs in the page: looks at each picture at every block but the last one. */
function watch(): void {
  interface Held {
    el: HTMLElement;
    name: string;
    top: number;
    height: number;
  }
  const steady: Seen = { blocks: 0, frames: 0, faults: [] };
  Object.assign(window, { steady });
  const held = new Map<Element, Held>();

  /** Rows of tools that follow on each other are one block, as are those of what is said below all. */
  const above = (log: Element): HTMLElement[] => {
    const all = [...log.querySelectorAll<HTMLElement>('.turn .bd > *:not(.pr, .now, .acts), .turn .pr > *')];
    const row = (x: HTMLElement | undefined) => x?.matches('.lg, .lr, .out') === true;
    if (!row(all.at(-1))) return all.slice(0, -1);
    return all.slice(0, all.findLastIndex((x) => !row(x)) + 1);
  };

  const check = () => {
    const log = document.querySelector('[role=log]');
    const origin = log?.querySelector('.inner')?.getBoundingClientRect().top ?? 0;
    for (const x of held.values()) {
      if (!x.el.isConnected) fault(x, 'was drawn again');
      else compare(x, origin);
    }
    for (const el of log ? above(log) : []) {
      if (held.has(el)) continue;
      const { top, height } = el.getBoundingClientRect();
      held.set(el, { el, name: `${el.localName}.${el.className} ${el.textContent?.slice(0, 30)}`, top: top - origin, height });
      steady.blocks++;
    }
    steady.frames++;
    requestAnimationFrame(check);
  };

  const compare = (x: Held, origin: number) => {
    const now = x.el.getBoundingClientRect();
    if (Math.abs(now.top - origin - x.top) > 0.5) fault(x, `moved from ${x.top} to ${now.top - origin}`);
    else if (Math.abs(now.height - x.height) > 0.5) fault(x, `was ${x.height} high, is ${now.height}`);
  };

  const fault = (x: Held, what: string) => {
    steady.faults.push(`${x.name}: ${what}, picture ${steady.frames}`);
    held.delete(x.el);
  };

  requestAnimationFrame(check);
}
