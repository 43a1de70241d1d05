import type { Page } from '@playwright/test';
import { connect, openSession, test } from './direct';
import { expect, transcript } from './program';
import { fill } from './seed';

const paragraph = 'The clock goes back at two, and the job that was due at half past runs once. ';

/** Answers of different lengths. */
function words(n: number): string {
  return `${paragraph.repeat(1 + (n % 5))}\n\n- one\n- two\n\n\`\`\`go\n${'x := next(t)\n'.repeat(n % 7)}\`\`\`\n\nThat was answer ${n}.`;
}

test.beforeEach(({ model }) => {
  model.models = [{ id: 'scripted', context_length: 2_000_000 }];
  model.script = (asked) => ({ text: words(asked.messages.filter((m) => m.role === 'user').length) });
});

function turn(page: Page, id: string | undefined) {
  return page.locator(`[data-turn="${id}"]`);
}

/** The turn at the top of the view and how far it is from the edge. */
function reading(page: Page): Promise<{ id: string; top: number }> {
  return transcript(page).evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    for (const el of box.querySelectorAll<HTMLElement>('.turn')) {
      const { top, bottom } = el.getBoundingClientRect();
      if (bottom > edge + 1) return { id: el.dataset.turn ?? '', top: top - edge };
    }
    return { id: '', top: 0 };
  });
}

test('a turn that is not loaded is shown by its address, and read on to the end without a jump', async ({ page, model }) => {
  await connect(page, model);
  const path = await openSession(page);
  const ids = await fill(page.request, path.slice(3), 120, (n) => `Question ${n}`);

  // A turn of the part that is not loaded, by a link from outside.
  await page.goto('/');
  await page.goto(`${path}#${ids[20]}`);
  await expect(turn(page, ids[20])).toContainText('Question 21');
  await expect(turn(page, ids[20])).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Go to the latest answer' })).toBeVisible();
  const box = await transcript(page).evaluate((el) => el.getBoundingClientRect().toJSON() as DOMRect);
  await expect.poll(async () => (await turn(page, ids[20]).boundingBox())?.y).toBeGreaterThan(box.y + box.height * 0.25);
  expect((await turn(page, ids[20]).boundingBox())?.y).toBeLessThan(box.y + box.height * 0.42);

  // What arrives meanwhile does not move the reader.
  const before = await reading(page);
  await fill(page.request, path.slice(3), 1, () => 'One more');
  await expect(page.locator('.side .g.run')).toHaveCount(0);
  expect(await reading(page)).toEqual(before);

  // Down to the end: each step moves by what was scrolled, whatever is mounted.
  await transcript(page).hover();
  const seen = new Set<string>();
  let most = 0;
  await expect(async () => {
    const jumps = await transcript(page).evaluate(async (log) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const out = { jumps: [] as number[], seen: [] as string[], most: 0, end: false };
      for (let n = 0; n < 40 && !out.end; n++) {
        const edge = log.getBoundingClientRect().top;
        const mark = [...log.querySelectorAll<HTMLElement>('.turn')].find((x) => x.getBoundingClientRect().bottom > edge + 401);
        const top = mark?.getBoundingClientRect().top ?? 0;
        const from = log.scrollTop;
        log.scrollTop += 400;
        const moved = log.scrollTop - from;
        await frame();
        await frame();
        await frame();
        const off = mark?.isConnected ? top - moved - mark.getBoundingClientRect().top : 0;
        if (Math.abs(off) > 2) out.jumps.push(off);
        const all = [...log.querySelectorAll<HTMLElement>('.turn')];
        for (const x of all) out.seen.push(x.dataset.turn ?? '');
        out.most = Math.max(out.most, all.length);
        out.end = log.scrollHeight - log.clientHeight - log.scrollTop < 3;
      }
      return out;
    });
    expect(jumps.jumps).toEqual([]);
    most = Math.max(most, jumps.most);
    for (const id of jumps.seen) seen.add(id);
    expect(jumps.end).toBe(true);
  }).toPass({ timeout: 60_000 });
  for (const id of ids.slice(20)) expect(seen).toContain(id);
  expect(most).toBeLessThanOrEqual(120);
  await expect(transcript(page)).toContainText('One more');
});
