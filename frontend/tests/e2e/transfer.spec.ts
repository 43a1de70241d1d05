import { Between, type Sent } from './between';
import { composer, expect, openDemo, send, test } from './program';

const kb = 1024;
const limits = { bytes: 150 * kb, requests: 8, faces: 262 * kb };

const isFace = (x: Sent) => x.path.endsWith('.woff2');
const isApi = (x: Sent) => x.path.startsWith('/api/');
const bytes = (all: readonly Sent[]) => all.reduce((n, x) => n + x.bytes, 0);
const body = (all: readonly Sent[]) => all.reduce((n, x) => n + x.body, 0);
const said = (all: readonly Sent[]) => `${(bytes(all) / kb).toFixed(1)} KB in ${all.length}`;
const keptFor = (all: readonly Sent[]) => [...new Set(all.filter((x) => x.path.startsWith('/assets/')).map((x) => x.cache))];

/** Judges what a cold opening brought. The worker keeps a copy of the shell once the page rests. */
function judge(place: string, sent: readonly Sent[]): void {
  const [api, faces] = [sent.filter(isApi), sent.filter(isFace)];
  const worker = sent.filter((x, i) => x.path === '/sw.js' || (x.path === '/' && i > 0));
  const page = sent.filter((x) => ![...api, ...faces, ...worker].includes(x));
  const about = `${place}: page ${said(page)}, API ${said(api)}, worker ${said(worker)}, faces ${said(faces)}`;
  test.info().annotations.push({ type: 'transfer', description: about });
  const list = `${about}\n${page.map((x) => `${x.bytes} ${x.encoding} ${x.path}`).join('\n')}`;
  expect(bytes([...page, ...api, ...worker]), list).toBeLessThanOrEqual(limits.bytes);
  expect(page.length, list).toBeLessThanOrEqual(limits.requests);
  expect(body(faces), list).toBeLessThanOrEqual(limits.faces);
  expect(keptFor(sent)).toEqual(['public, max-age=31536000, immutable']);
  for (const x of page.filter((y) => y.body > 4 * kb)) expect(x.encoding, `${x.path} is sent packed`).toMatch(/^(gzip|br)$/);
}

test('a cold opening of the page and of a session stays small, and asks nobody else', async ({ page, browser, program }) => {
  const path = await openDemo(page);
  await send(page, 'What does it cost to open this?');
  // An answer, tool work and an ask. What colours code is not in these limits: the demo shows code only later.
  // A session that opens on code loads it at once, about 43 KB more (a worker, its engine and the grammars in use).
  await expect(page.getByRole('button', { name: /allow/i }).first()).toBeVisible({ timeout: 30_000 });

  for (const place of ['/', path]) {
    const between = await Between.start(program.url);
    const context = await browser.newContext(); // with nothing in its caches
    const asked = new Set<string>();
    context.on('request', (r) => asked.add(new URL(r.url()).origin));
    const cold = await context.newPage();
    await cold.goto(between.url + place);
    if (place !== '/') await expect(composer(cold)).toBeVisible();
    await cold.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await cold.waitForLoadState('networkidle');
    await cold.evaluate(() => document.fonts.ready.then(() => true));
    judge(place === '/' ? 'the page' : 'a session', between.sent);
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([between.url]);

    // A face that has not come yet hides no text.
    const displays = await cold.evaluate(() => Array.from(document.fonts, (face) => `${face.family} ${face.display}`));
    expect(displays.filter((x) => /Literata|Instrument|Plex/.test(x) && !x.endsWith(' swap'))).toEqual([]);
    await context.close();
    await between.stop();
  }
});
