import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { openDirect, test as withModel } from './direct';
import { byWord } from './model';
import { composer, expect, openDemo, send, test, transcript } from './program';

const models = [model('openai/gpt-large', 'GPT large', ['low', 'high']), model('ollama/qwen', 'Qwen', [])];

test('the palette opens from the composer, finds one session of 300, and gives the focus back', async ({ page }) => {
  await openDemo(page);
  await make(page, 300);
  await page.reload();
  await composer(page).fill('half a thought');
  await page.keyboard.press('Control+k');
  const field = find(page);
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
  await expect(composer(page)).toHaveValue('half a thought');

  await page.keyboard.press('Control+k');
  await field.fill('harbor 7'); // one of the first ones, which the list has not loaded
  const row = page.getByRole('option', { name: /^Harbor 7 / });
  await expect(row).toBeVisible();
  await field.fill('#harbor 7');
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(row.locator('em')).toHaveText(['Harbor', '7']);
  await field.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbor 7');
});

test('arrows, Home and End walk the rows, and Ctrl+Enter opens one in a new tab', async ({ page, context }) => {
  await openDemo(page);
  await make(page, 3);
  await page.keyboard.press('Control+k');
  await find(page).press('End');
  await expect(page.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
  await find(page).press('ArrowDown');
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await find(page).fill('#harbor 2');
  await expect(page.getByRole('option')).toHaveCount(1);
  const [tab] = await Promise.all([context.waitForEvent('page'), find(page).press('Control+Enter')]);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Harbor 2');
  await expect(palette(page)).toHaveCount(0);
});

test('a session is pinned from its actions without being opened', async ({ page }) => {
  const path = await openDemo(page);
  await make(page, 2);
  await page.keyboard.press('Control+k');
  await find(page).fill('#harbor 1');
  await expect(page.getByRole('option')).toHaveCount(1);
  await find(page).press('Tab');
  await expect(page.getByText('With “Harbor 1”')).toBeVisible();
  await find(page).fill('pin');
  await find(page).press('Enter');
  await expect(page.locator('.side .grp').first()).toContainText('Pinned');
  expect(new URL(page.url()).pathname).toBe(path);
});

test('the sheet is switched, a setting is found, and what is not there is said', async ({ page }) => {
  await openDemo(page);
  await page.keyboard.press('Control+k');
  await find(page).fill('>lamp');
  await find(page).press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Control+k');
  await find(page).fill('restart');
  await page.getByRole('option', { name: /^Restart the server/ }).click();
  await expect(page).toHaveURL(/\/settings\/health$/);
  await expect(page.getByRole('button', { name: 'Restart server' })).toBeFocused();
  await page.keyboard.press('Control+k');
  await find(page).fill('zzqq');
  await expect(page.getByText('Nothing is called “zzqq”.')).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(0);
  await find(page).press('Enter'); // nothing happens
  await expect(palette(page)).toBeVisible();
});

test('without the server the loaded sessions are searched, and that is said', async ({ page }) => {
  await openDemo(page);
  await make(page, 3);
  await page.route(/\/api\/sessions\?.*q=/, (r) => r.fulfill({ status: 500, json: { code: 'internal', detail: 'It broke.' } }));
  await page.keyboard.press('Control+k');
  await find(page).fill('harbor');
  await expect(page.getByRole('option', { name: /^Harbor/ })).toHaveCount(3);
  await expect(page.getByRole('alert')).toContainText('Only the sessions that are loaded were searched.');
});

test('a model is chosen for the session, from the palette and by a slash', async ({ page }) => {
  await page.route('**/api/models', (r) => r.fulfill({ json: { items: models, problems: [] } }));
  await openDemo(page);
  await page.keyboard.press('Control+k');
  await find(page).fill('gpt');
  await page.getByRole('option', { name: /^GPT large/ }).click();
  await expect(page.getByRole('button', { name: 'Model: GPT large' })).toBeVisible();
  await expect(composer(page)).toBeFocused();

  await page.keyboard.type('/eff');
  await expect(page.getByRole('option', { name: /^\/effort/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await page.keyboard.type('h');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Reasoning effort: high' })).toBeVisible();
  await expect(composer(page)).toHaveValue('');
  await page.keyboard.type('/model qw');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Model: Qwen' })).toBeVisible();
});

test('slash commands: a title, another session, help; unknown ones and paths are text', async ({ page }) => {
  const path = await openDemo(page);
  const rows = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
  await composer(page).focus();
  await page.keyboard.type('/');
  await expect(rows.first()).toBeVisible();
  await page.keyboard.type('tit');
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(composer(page)).toHaveValue('/title ');
  await page.keyboard.press('Enter'); // a title is missing
  await expect(page.getByText('Write the words behind /title.')).toBeVisible();
  await page.keyboard.type('The harbour, again');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The harbour, again');
  await expect(composer(page)).toHaveValue('');

  await page.keyboard.type('/st');
  await expect(page.getByRole('option', { name: /^\/stop/ })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(0);
  await expect(composer(page)).toHaveValue('/st');

  await composer(page).fill('');
  await page.keyboard.type('/nonsense and words');
  await expect(page.getByText('There is no command /nonsense. Enter it twice to send it as text.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Press Enter again to send it as text.')).toBeVisible();
  await expect(transcript(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(transcript(page)).toContainText('/nonsense and words');
  await expect(page.getByRole('alertdialog')).toBeVisible({ timeout: 30_000 });

  await composer(page).focus();
  await page.keyboard.type('/help');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Keys and commands' })).toBeVisible();
  await page.keyboard.press('Escape');
  await composer(page).focus();
  await page.keyboard.type('/new');
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(new RegExp(`${path}$`));
});

test('a key is changed on the sheet, works, is kept, and may not clash or be the browser’s', async ({ page }) => {
  await openDemo(page);
  await page.locator('.side [data-row]').first().focus();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys and commands' });
  await sheet.getByRole('searchbox').fill('new session');
  const button = sheet.getByRole('button', { name: /^Change the key of: New session/ });
  await button.click();
  await page.keyboard.press('Control+t');
  await expect(sheet.getByRole('alert')).toContainText('The browser needs Ctrl T', { timeout: 3000 });
  await button.click();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(sheet.getByRole('alert')).toContainText('G S is the key of “Go to the sessions”');
  await button.click();
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  await expect(button).toHaveAccessibleName(/It is X X/);
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(sheet).toHaveCount(0);

  await page.reload();
  await expect(page.locator('.side-act kbd')).toHaveText('X X');
  const rows = page.locator('.side [data-row]');
  await rows.first().focus();
  await page.keyboard.press('n');
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  await expect(rows).toHaveCount(2); // n made none
  await rows.first().focus();
  await page.keyboard.press('?');
  await sheet.getByRole('button', { name: 'Reset all keys' }).click();
  await expect(page.locator('.side-act kbd')).toHaveText('N');
});

test('two strokes go somewhere, letters in a field do not, and a slip after the first stroke allows nothing', async ({
  page,
}) => {
  await openDemo(page);
  await send(page, 'Ask me');
  const card = page.getByRole('alertdialog');
  await expect(card).toBeVisible({ timeout: 30_000 });
  await page.waitForTimeout(800); // the card takes no letters before
  await card.focus();
  await page.keyboard.press('t');
  await page.keyboard.press('a'); // not a chord, and not Allow
  await expect(card).toBeVisible();
  await composer(page).focus();
  await page.keyboard.type('gs');
  await expect(composer(page)).toHaveValue('gs');
  await page.locator('.side [data-row]').first().focus();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/$/);
});

withModel('a running answer is stopped by a slash, and the next words are steered or interrupt', async ({ page, model }) => {
  const words = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');
  model.script = byWord({ Long: [{ text: words, gap: 60 }], Other: [{ text: 'This instead.' }] });
  await openDirect(page, model);
  await send(page, 'Long story');
  await expect(transcript(page)).toContainText('word3', { timeout: 20_000 });
  await composer(page).focus();
  await page.keyboard.type('/interrupt Other one');
  await page.keyboard.press('Enter');
  await expect(transcript(page)).toContainText('This instead.', { timeout: 20_000 });
  await send(page, 'Long again');
  await expect(page.getByRole('button', { name: /^Stop/ })).toBeVisible();
  await page.keyboard.type('/stop');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0, { timeout: 20_000 });
  await page.keyboard.type('/undo');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Bring it back' })).toBeVisible();
  await expect(transcript(page)).not.toContainText('Long again');
});

test.describe('for everyone', () => {
  test.use({ bypassCSP: true }); // for the script of axe only

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`no barriers that axe can find: ${scheme}, ${width}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.route('**/api/models', (r) => r.fulfill({ json: { items: models, problems: [] } }));
        await openDemo(page);
        await make(page, 12);
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('option').first()).toBeVisible();
        await clean(page, 'palette, empty');
        await find(page).fill('se');
        await expect(page.getByText('Settings', { exact: true }).last()).toBeVisible();
        await clean(page, 'palette');
        await find(page).fill('zzqq');
        await clean(page, 'palette, nothing');
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        await page.keyboard.press('Escape');
        await composer(page).focus();
        await page.keyboard.type('/');
        await expect(page.getByRole('listbox', { name: 'Commands' })).toBeVisible();
        await clean(page, 'commands');
        await page.keyboard.type('help');
        await expect(page.getByRole('option')).toHaveCount(1);
        if (width > 760) await page.keyboard.press('Enter');
        else await page.getByRole('option').click();
        await expect(page.getByRole('dialog', { name: 'Keys and commands' })).toBeVisible();
        await clean(page, 'keys');
      });
    }
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the search of the list fills the screen, and what is pressed is large enough', async ({ page }) => {
    await openDemo(page);
    await make(page, 30);
    await page.goto('/');
    await page.getByRole('button', { name: 'Find or run' }).tap();
    await expect(find(page)).toBeFocused();
    const box = await palette(page).boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    expect(await palette(page).locator('[role=option], button').evaluateAll(small)).toEqual([]);
    await find(page).fill('harbor 5');
    await page.getByRole('option', { name: /^Harbor 5 / }).tap();
    await expect(page.locator('.phead h1')).toHaveText('Harbor 5');
  });
});

function palette(page: Page) {
  return page.getByRole('dialog', { name: 'Find or run' });
}

function find(page: Page) {
  return palette(page).getByRole('combobox');
}

/** Sessions that are called Harbor 0, Harbor 1, and so on. */
async function make(page: Page, n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) {
    const r = await page.request.post('/api/sessions', { data: { agent: 'demo', title: `Harbor ${i}` } });
    expect(r.ok()).toBe(true);
  }
}

function model(id: string, name: string, efforts: string[]) {
  const provider = id.split('/')[0];
  return { agent: 'demo', id, name, provider, provider_name: provider, window: 0, images: '', efforts, price: null };
}

function small(all: Element[]): string[] {
  return all.flatMap((el) => {
    const { width, height } = el.getBoundingClientRect();
    return width >= 44 && height >= 44 ? [] : [`${el.className} ${width}x${height}`];
  });
}
