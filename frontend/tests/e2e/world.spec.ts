import type { Page } from '@playwright/test';
import { test } from './direct';
import { composer, expect, send } from './program';
import { cutOff, speakPseudo } from './pseudo';
import { openings } from './tour-open';

test.use({ serviceWorkers: 'block' }); // so that another language can stand in for German

const sections = [
  'appearance',
  'reading',
  'writing',
  'notices',
  'models',
  'agents',
  'permissions',
  'tools',
  'advanced',
  'health',
];
/** A name of a text in place of its words. */
const raw = /\b(chat|shell|sessions|settings|first|home|do|group|palette|keys|slash|away|find|outline|picture)\.[a-z]/;

test.describe('a browser that prefers German', () => {
  test.use({ locale: 'de-DE' });

  test('gets the page in German', async ({ page }) => {
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await page.getByRole('button', { name: 'Die Demo ansehen' }).click();
    await expect(composer(page)).toHaveAttribute('placeholder', /schreiben/);
    await send(page, 'Zeig etwas');
    await expect(page.getByRole('alertdialog')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: /^Ablehnen/ }).first()).toBeVisible();
    expect(said(await words(page), raw)).toEqual([]);
    expect(said(await words(page), /\b(Needs you|Sessions|Settings|Deny|Allow|Message|Working|Read|files?)\b/)).toEqual([]);
    for (const section of sections) {
      await page.goto(`/settings/${section}`);
      await expect(page.locator('.doc .lede')).toBeVisible();
      expect(said(await words(page), raw)).toEqual([]);
      expect(said(await words(page), /\b(the|and|with|of|Settings|Models|Rules|Add|Remove|ready)\b/)).toEqual([]);
    }
  });

  test('gets English where German cannot be loaded', async ({ page }) => {
    await page.route(/\/assets\/de-[^/]+\.js$/, (route) => route.abort());
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});

test('the language changes in the page and back, and a draft stays', async ({ page }) => {
  await demo(page, 'Try the demo');
  await composer(page).fill('half a thought');
  await prefer(page, 'de');
  await expect(
    page
      .getByRole('heading', { name: 'Sitzungen' })
      .or(page.getByRole('complementary', { name: 'Sitzungen' }))
      .first(),
  ).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(composer(page)).toHaveValue('half a thought');
  await expect(composer(page)).toBeFocused();
  await composer(page).press('End');
  await page.keyboard.type(', and more');
  await prefer(page, 'en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(composer(page)).toHaveValue('half a thought, and more');
  await page.reload();
  await expect(composer(page)).toHaveValue('half a thought, and more');
});

test('a turn goes on through a change of the language', async ({ page }) => {
  await demo(page, 'Try the demo');
  await send(page, 'Look at the files');
  await expect(page.getByRole('alertdialog')).toBeVisible({ timeout: 60_000 });
  await prefer(page, 'de');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Ablehnen', exact: false }).first().click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Anhalten/ })).toHaveCount(0, { timeout: 60_000 });
  await prefer(page, 'en');
  await expect(page.getByRole('button', { name: /^Send/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
});

for (const { name, width, height } of [
  { name: 'a desk', width: 1280, height: 800 },
  { name: 'a phone', width: 390, height: 844 },
]) {
  test(`words that are longer by 40 % are not cut on ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await speakPseudo(page, 'ltr');
    await tour(page);
  });

  test(`nor in what a session opens on ${name}`, async ({ page, program, model }) => {
    await page.setViewportSize({ width, height });
    await speakPseudo(page, 'ltr');
    await opened(page, (look) => openings(page, program, model, look));
  });
}

test('from right to left the page is mirrored, and code is not', async ({ page }) => {
  await speakPseudo(page, 'rtl');
  await tour(page, async () => {
    const side = await page.locator('.side').boundingBox();
    expect(side?.x ?? 0).toBeGreaterThan(640);
    for (const code of await page.locator('pre:visible, code:visible, kbd:visible').all()) {
      await expect(code).toHaveCSS('direction', 'ltr');
    }
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await expect(page.locator('[data-row]').first()).toBeVisible();
  expect(await cutOff(page)).toEqual([]);
});

test('from right to left paths run their own way in what a session opens', async ({ page, program, model }) => {
  await speakPseudo(page, 'rtl');
  await opened(page, (look) =>
    openings(page, program, model, async (where) => {
      await look(where);
      expect(await turned(page), where).toEqual([]);
    }),
  );
});

test.describe('at 200 %', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  test('nothing is out of reach', async ({ page }) => tour(page));
  test('nothing that a session opens is out of reach', async ({ page, program, model }) =>
    opened(page, (look) => openings(page, program, model, look)));
});

test.describe('in 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test('nothing is out of reach', async ({ page }) => tour(page));
  test('nothing that a session opens is out of reach', async ({ page, program, model }) =>
    opened(page, (look) => openings(page, program, model, look)));
});

/** The first run, a session with tools and an ask, the list, and every section of the settings. */
async function tour(page: Page, seen: () => Promise<void> = async () => {}): Promise<void> {
  const problems: string[] = [];
  const look = looking(page, problems);
  await page.goto('/');
  await expect(page.locator('button').filter({ hasText: /demo|démö/i })).toBeVisible();
  await look('first');
  await page
    .locator('button')
    .filter({ hasText: /demo|démö/i })
    .click();
  await expect(composer(page)).toBeVisible();
  await look('empty');
  await composer(page).fill('Look at the files');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alertdialog')).toBeVisible({ timeout: 60_000 });
  await look('ask');
  problems.push(...(await cramped(page)));
  await seen();
  await page.goto('/');
  await expect(page.locator('[data-row]').first()).toBeVisible();
  await look('list');
  for (const section of sections) {
    await page.goto(`/settings/${section}`);
    await expect(page.locator('.doc .lede')).toBeVisible();
    await look(section);
  }
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option').first()).toBeVisible();
  await look('palette');
  expect(problems).toEqual([]);
}

async function opened(page: Page, walk: (look: (where: string) => Promise<void>) => Promise<void>): Promise<void> {
  const problems: string[] = [];
  await walk(looking(page, problems));
  expect(problems).toEqual([]);
}

/** Looks for what is cut off; WORLD_SHOTS=folder takes pictures as well. */
function looking(page: Page, problems: string[]): (where: string) => Promise<void> {
  return async (where) => {
    for (const problem of await cutOff(page)) problems.push(`${where}: ${problem}`);
    if (!process.env.WORLD_SHOTS) return;
    const name = [...test.info().titlePath.slice(1), where].join('-').replace(/\W+/g, '-');
    await page.screenshot({ path: `${process.env.WORLD_SHOTS}/${name}.png` });
  };
}

/** Paths that are drawn from right to left, by which the slash before them goes behind. */
function turned(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const of = node.parentElement;
      const text = node.nodeValue?.trim() ?? '';
      if (!of?.checkVisibility() || !/^(~|\.{1,2})?(\/[\w.-]+)+\/?$|^[\w.-]+\/$/.test(text)) continue;
      const style = getComputedStyle(of);
      if (style.direction !== 'ltr' && style.unicodeBidi !== 'plaintext')
        found.push(`${text} in ${of.localName}.${of.className}`);
    }
    return found;
  });
}

/** What an ask leaves no room for: the answers themselves, and some of the transcript that it is about. */
async function cramped(page: Page): Promise<string[]> {
  const found: string[] = [];
  const height = page.viewportSize()?.height ?? 0;
  const log = await page.getByRole('log').boundingBox();
  if ((log?.height ?? 0) < 80) found.push(`ask: the transcript is ${log?.height} high`);
  const answers = page.getByRole('alertdialog').locator('.ask-f');
  for (const button of await answers.getByRole('button').all()) {
    const box = await button.boundingBox();
    if (!box || box.y < 0 || box.y + box.height > height) found.push(`ask: ${await button.innerText()} is out of the window`);
  }
  return found;
}

async function demo(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name }).click();
  await expect(composer(page)).toBeVisible();
}

/** As the setting does, in this window. */
function prefer(page: Page, language: string): Promise<void> {
  return page.evaluate((language) => {
    localStorage.setItem('hermes.preferences', JSON.stringify({ language }));
    dispatchEvent(new StorageEvent('storage', { key: 'hermes.preferences' }));
  }, language);
}

/** What is there and should not be, each with the line that it stands in. */
function said(words: string, pattern: RegExp): string[] {
  return words.split('\n').filter((line) => pattern.test(line));
}

/** All that is shown, and said to screen readers, but what a person or an agent wrote. */
function words(page: Page): Promise<string> {
  return page.evaluate(() => {
    const own = 'pre, code, .pr, [role="log"], [data-row] .t, textarea, .mono, h1, [role="alertdialog"], [role="status"], .item';
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest(`${own}, script, style, noscript`)) texts.push(node.nodeValue ?? '');
    }
    for (const el of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (!el.closest(own)) texts.push(el.getAttribute('aria-label') ?? '', el.getAttribute('placeholder') ?? '');
    }
    return texts.join('\n');
  });
}
