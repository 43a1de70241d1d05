import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { answer } from './answer';
import { Model, promptOf } from './model';
import { expect, send, test, transcript } from './program';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the browser said against the page, and where it went. */
interface Heard {
  said: string[];
  asked: string[];
}

function listen(page: Page, origin: string): Heard {
  const heard: Heard = { said: [], asked: [] };
  page.on('console', (m) => {
    // A draft that is saved while its prompt is sent is refused as too old: the browser says so, the page goes on.
    if (m.location().url.endsWith('/draft') && m.text().includes('409')) return;
    if (m.type() === 'error' || /content security/i.test(m.text())) heard.said.push(m.text());
  });
  page.on('pageerror', (e) => heard.said.push(String(e)));
  page.on('request', (r) => {
    if (!/^(?:data|blob):/.test(r.url()) && new URL(r.url()).origin !== origin) heard.asked.push(r.url());
  });
  return heard;
}

/** A session of the direct agent that talks to a model by a script. */
async function open(page: Page, model: Model): Promise<void> {
  const put = await page.request.put('/api/providers/scripted', {
    data: { name: 'Scripted', kind: 'openai', base_url: model.url, key: 'none' },
  });
  expect(put.ok(), await put.text()).toBe(true);
  const made = await page.request.post('/api/sessions', { data: { agent: 'direct', model: 'scripted/scripted' } });
  expect(made.ok(), await made.text()).toBe(true);
  const { session } = (await made.json()) as { session: { id: string } };
  await page.goto(`/s/${session.id}`);
}

/** Notes each shift of something that is in the transcript, but not in its last block or below it. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const e of list.getEntries() as unknown as {
        value: number;
        sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
      }[]) {
        for (const { node, previousRect: a, currentRect: b } of e.sources) {
          const at = node instanceof Element ? node : node?.parentElement;
          const text = at?.closest('.pr');
          const last = text?.lastElementChild;
          if (!at || !text || last?.contains(at)) continue;
          // A picture of another server gets its button within its own line: the line stays where it is.
          if (a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height) continue;
          shifts.push(
            `${e.value.toFixed(4)} ${at.localName}.${at.className} "${at.textContent?.slice(0, 30)}" ${a.x},${a.y} ${a.width}x${a.height} -> ${b.x},${b.y} ${b.width}x${b.height}`,
          );
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

const shifts = (page: Page) => page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
const ended = (page: Page) => expect(page.getByRole('button', { name: 'Retry' }).last()).toBeVisible({ timeout: 60_000 });
const block = (page: Page, lang: string): Locator =>
  transcript(page).locator('.cb', { has: page.locator(`header > :is(b, span):text-is("${lang}")`) });

test('a long answer grows into code, formulas, tables and diagrams; nothing above moves, nothing leaves', async ({
  page,
  program,
}) => {
  const heard = listen(page, program.url);
  await watchShifts(page);
  const model = await Model.start((asked) =>
    promptOf(asked) === 'Warm up' ? { text: 'It is $x$.' } : { text: answer, gap: 20 },
  );
  await open(page, model);
  // What shows formulas is loaded with the first one, whose own lines may break anew when it comes.
  await send(page, 'Warm up');
  await ended(page);
  await expect(transcript(page).locator('math')).toHaveCount(1);
  await page.evaluate(() => {
    (window as unknown as { shifts: string[] }).shifts.length = 0;
  });
  await send(page, 'Explain it');

  // Colours come while it grows.
  await expect(transcript(page).locator('li pre .k').first()).toHaveText('const');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(block(page, 'Go').locator('.c').first()).toContainText('// Next returns');
  await expect(transcript(page).locator('.e.ag')).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden({ timeout: 60_000 });
  await ended(page);
  await expect(block(page, 'Go').locator('.k').first()).toHaveText('func');
  await expect(block(page, 'Python').locator('.f').first()).toHaveText('area');
  await expect(transcript(page).locator('.eq math')).toHaveCount(2);
  await expect(transcript(page).locator('p math')).toHaveCount(4);
  await expect(block(page, 'mermaid').locator('[role="img"]')).toHaveAttribute('aria-label', /Read the zone.*Fire/);
  await expect(page.getByText('This could not be drawn.')).toBeVisible();
  await expect(transcript(page).getByRole('link', { name: 'Picture from pictures.example' })).toBeVisible();

  expect(heard.said).toEqual([]);
  expect(heard.asked).toEqual([]);
  expect(await shifts(page)).toEqual([]);
  await model.stop();
});

test('a table sorts by its heads and is copied; a formula is copied as TeX; a diagram shows its source', async ({
  page,
  context,
  program,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: program.url });
  const heard = listen(page, program.url);
  const model = await Model.start(() => ({ text: answer }));
  await open(page, model);
  await send(page, 'Explain it');
  await ended(page);
  const table = transcript(page).getByRole('group', { name: 'Table' });
  const first = table.locator('tbody tr').first();
  const runs = table.getByRole('columnheader', { name: 'Runs' });
  const sizeOf = async () => (await table.boundingBox())?.height;
  const height = await sizeOf();
  await runs.getByRole('button').press('Enter');
  await expect(first).toContainText('28 Mar 2027');
  await expect(runs).toHaveAttribute('aria-sort', 'ascending');
  await runs.getByRole('button').click();
  await expect(first).toContainText('25 Oct 2026');
  await expect(runs).toHaveAttribute('aria-sort', 'descending');
  await runs.getByRole('button').click();
  await expect(runs).not.toHaveAttribute('aria-sort');
  expect(await sizeOf()).toBe(height);
  await expect(table.locator('td').nth(3)).toHaveCSS('text-align', 'right');

  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'What can be done with this table' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Copy as CSV' }).press('Enter');
  await expect(page.getByText('The table was copied.')).toBeVisible();
  expect(await clipboard()).toContain('Night,Zone,Size,Runs\r\n25 Oct 2026,Europe/Berlin,2 KB,"1,200"\r\n');

  await page.getByRole('button', { name: 'Copy the TeX' }).last().press('Enter');
  await expect.poll(clipboard).toBe('\\sum_{k=0}^{n} \\binom{n}{k} = 2^n');
  await transcript(page).locator('p', { hasText: 'The fold' }).selectText();
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toContain('The fold $\\delta_u$ is');
  await block(page, 'Go').getByRole('button', { name: 'Copy' }).click();
  await expect.poll(clipboard).toContain('func (s Schedule) Next(t time.Time) time.Time {\n\tu := t.In(s.zone)');

  const diagram = block(page, 'mermaid').first();
  await expect(diagram.getByRole('img')).toBeVisible();
  const saved = page.waitForEvent('download');
  await diagram.getByRole('button', { name: 'Save as SVG' }).press('Enter');
  expect(readFileSync(await (await saved).path(), 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*Fire[\s\S]*<\/svg>$/);
  await diagram.getByRole('button', { name: 'Source' }).press('Enter');
  await expect(diagram.locator('pre')).toContainText('flowchart TD');
  await diagram.getByRole('button', { name: 'Source' }).press('Enter');
  await expect(diagram.getByRole('img')).toBeVisible();

  const popup = context.waitForEvent('page');
  await context.route('https://pictures.example/**', (route) => route.fulfill({ body: 'the picture' }));
  await transcript(page).getByRole('link', { name: 'Picture from pictures.example' }).click();
  expect((await popup).url()).toContain('pictures.example');
  expect(heard.said).toEqual([]);
  expect(heard.asked).toEqual([]);
  await model.stop();
});

test('what it shows on load is the same, and the sheet changes its colours', async ({ page }) => {
  const model = await Model.start(() => ({ text: answer }));
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, model);
  await send(page, 'Explain it');
  await ended(page);
  await page.reload();
  const word = block(page, 'Go').locator('.f').first();
  const node = block(page, 'mermaid').locator('rect.basic').first();
  await expect(transcript(page).locator('.eq math')).toHaveCount(2);
  const light = [await colour(word, 'color'), await colour(node, 'fill')];
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => colour(node, 'fill')).not.toBe(light[1]);
  expect(await colour(word, 'color')).not.toBe(light[0]);
  await model.stop();
});

function colour(at: Locator, name: string): Promise<string> {
  return at.evaluate((e, property) => getComputedStyle(e).getPropertyValue(property), name);
}

test.describe('without barriers', () => {
  test.use({ bypassCSP: true }); // for the script of axe only

  test('axe finds nothing, and nothing scrolls sideways but in its own box', async ({ page }) => {
    const model = await Model.start(() => ({ text: answer }));
    await open(page, model);
    await send(page, 'Explain it');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 844 });
        await ended(page);
        await expect(block(page, 'mermaid').getByRole('img')).toBeVisible();
        await expect(transcript(page).locator('.eq math')).toHaveCount(2);
        expect(await barriers(page), `${colorScheme} ${width}`).toEqual([]);
        expect(
          await page.evaluate(() => document.querySelector('.log')?.scrollWidth === document.querySelector('.log')?.clientWidth),
        ).toBe(true);
      }
    }
    await model.stop();
  });
});

function barriers(page: Page): Promise<string[]> {
  return page.evaluate(async (source) => {
    if (!('axe' in window)) new Function(source).call(window);
    const { run } = (window as unknown as { axe: { run: (node: Document, options: object) => Promise<AxeResults> } }).axe;
    const result = await run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  }, axe);
}

test('a tool and a fence may be called what every object has', async ({ page, program }) => {
  const heard = listen(page, program.url);
  const model = await Model.start((_, round) =>
    round === 0
      ? { calls: ['constructor', '__proto__', 'toString'].map((name) => ({ name, args: { a: 1 } })) }
      : { text: '```constructor\nx\n```\n\n&constructor; It goes on.' },
  );
  await open(page, model);
  await send(page, 'Go on');
  await ended(page);
  await expect(transcript(page).getByText('&constructor; It goes on.')).toBeVisible();
  await expect(block(page, 'constructor')).toBeVisible();
  await page.reload();
  await expect(transcript(page).getByText('It goes on.')).toBeVisible();
  expect(heard.said).toEqual([]);
  await model.stop();
});
