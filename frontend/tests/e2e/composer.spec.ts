import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { openDirect, test as withModel } from './direct';
import { byWord } from './model';
import { composer, expect, openDemo, send, test, transcript } from './program';

/** The demo has no models of its own: the list is stubbed, everything else is the program's. */
const few = [
  model('openai/gpt-large', 'GPT large', 'OpenAI', { window: 128_000, images: 'yes', efforts: ['low', 'medium', 'high'] }),
  model('openai/gpt-small', 'GPT small', 'OpenAI', {
    window: 64_000,
    images: 'no',
    price: { input: 0.15, cached: 0, output: 0.6 },
  }),
  model('ollama/qwen', 'Qwen', 'Ollama', {}),
];

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

test('a model and an effort are chosen with the keyboard alone', async ({ page }) => {
  await stubModels(page, few);
  await openDemo(page);
  await page.getByRole('button', { name: 'Model: default model' }).press('Enter');
  const find = page.getByRole('combobox', { name: 'Find a model' });
  await expect(find).toBeFocused();
  await expect(page.getByRole('option')).toHaveCount(4); // and the default
  await expect(page.getByRole('listbox')).toContainText('sees images');
  await expect(page.getByRole('listbox')).toContainText('$0.15 / $0.60');
  await expect(page.getByText('Nothing answers at port 1234.')).toBeVisible();
  await find.press('End');
  await expect(find).toHaveAttribute('aria-activedescendant', /-3$/);
  await find.press('Home');
  await expect(find).toHaveAttribute('aria-activedescendant', /-0$/);
  await find.fill('open large');
  await find.press('Enter');

  const button = page.getByRole('button', { name: 'Model: GPT large' });
  await expect(button).toBeFocused();
  await page.getByRole('button', { name: /^Reasoning effort:/ }).press('Enter');
  await page.keyboard.press('h');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Reasoning effort: high' })).toBeVisible();

  // A model without that effort does not keep it.
  await button.press('Enter');
  await find.fill('qwen');
  await find.press('Enter');
  await expect(page.getByRole('button', { name: 'Model: Qwen' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Reasoning effort/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Model: Qwen' })).toBeVisible();
});

test('Escape closes the list of models and changes nothing', async ({ page }) => {
  await stubModels(page, few);
  await openDemo(page);
  const button = page.getByRole('button', { name: 'Model: default model' });
  await button.click();
  await page.getByRole('combobox').press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox')).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('a model that is not offered any more is said to be, and not hidden', async ({ page }) => {
  await stubModels(page, few);
  await openDemo(page);
  await page.getByRole('button', { name: 'Model: default model' }).click();
  await page.getByRole('option', { name: 'Qwen' }).click();
  await page.unroute('**/api/models');
  await stubModels(page, few.slice(0, 2));
  await page.reload();
  const button = page.getByRole('button', { name: 'Model: ollama/qwen, not offered any more' });
  await button.click();
  await expect(page.getByRole('option', { name: 'ollama/qwen' })).toHaveAttribute('aria-selected', 'true');
});

test('500 models stay quick to search', async ({ page }) => {
  const many = Array.from({ length: 500 }, (_, i) => model(`router/m-${i}`, `Model ${i}`, 'Router', {}));
  await stubModels(page, many);
  await openDemo(page);
  await page.getByRole('button', { name: 'Model: default model' }).click();
  await expect(page.getByText('420 more.')).toBeVisible();
  await page.getByRole('listbox').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(page.getByText('340 more.')).toBeVisible();
  await page.getByRole('combobox').press('End');
  await expect(page.getByRole('option', { name: 'Model 499' })).toHaveClass(/on/);
  await page.getByRole('combobox').pressSequentially('model 499');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Model: Model 499' })).toBeVisible();
});

test('a folder is made on the server and becomes the workspace', async ({ page }) => {
  await openDemo(page);
  await page.getByRole('button', { name: 'Workspace: workspace' }).click();
  const dialog = page.getByRole('dialog', { name: 'Workspace', exact: true });
  await expect(dialog.getByRole('button', { name: /^workspace/ }).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'New folder' }).click();
  await dialog.getByLabel('Name of the new folder').fill('harbor');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('navigation', { name: 'Path of the folder' }).locator('b')).toHaveText('harbor');
  await dialog.getByRole('button', { name: 'Use this folder' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Workspace: harbor' })).toBeFocused();
  await expect(page.locator('.head .crumb')).toHaveText('harbor');
});

test('a folder that cannot be a workspace says why', async ({ page }) => {
  await openDemo(page);
  await page.getByRole('button', { name: /^Workspace:/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Workspace', exact: true });
  await dialog.getByRole('button', { name: 'Up one folder' }).click(); // the home folder
  await expect(dialog.locator('.folders .warn')).not.toBeEmpty();
  await expect(dialog.getByRole('button', { name: 'Use this folder' })).toBeDisabled();
  await dialog.getByLabel('Find in this folder').fill('nothing is called so');
  await expect(dialog).toContainText('No folder in it is named');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('files stay in the draft over a reload, are sent, and can be saved again', async ({ page }) => {
  const away: string[] = [];
  page.on('request', (r) => {
    if (!/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(r.url())) away.push(r.url());
  });
  await openDemo(page);
  await attach(page);
  const list = page.getByRole('list', { name: 'Attached files' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.locator('img')).toHaveAttribute('src', /^blob:/);
  await expect(page.getByText('files alone are not sent')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Send/ })).toBeDisabled();
  const saved = page.waitForResponse((r) => r.url().endsWith('/draft') && r.ok() && r.request().postDataJSON().text !== '');
  await composer(page).fill('What is this?');
  await saved;

  await page.reload();
  await expect(composer(page)).toHaveValue('What is this?');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.locator('img')).toHaveAttribute('src', /\/api\/attachments\//);
  await page.getByRole('button', { name: 'Remove run.log' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);

  await composer(page).press('Enter');
  await expect(list).toHaveCount(0);
  const shot = transcript(page).getByRole('img', { name: 'Picture shot.png' });
  await expect(shot).toBeVisible();
  expect(await shot.evaluate((x) => (x as HTMLImageElement).naturalWidth)).toBe(10);
  await expect(transcript(page).getByRole('link', { name: 'shot.png' }).first()).toHaveAttribute('download', 'shot.png');
  expect(away).toEqual([]);
});

test('a file that is too large is refused before it is sent', async ({ page }) => {
  await openDemo(page);
  let sent = 0;
  page.on('request', (r) => {
    if (r.url().includes('/api/attachments')) sent += 1;
  });
  await page.locator('input[type=file]').evaluate((input: HTMLInputElement) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], 'huge.bin'));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(page.getByRole('alert')).toContainText('huge.bin: The file is larger than 20 MB.');
  expect(sent).toBe(0);
});

test('a prompt that was not sent comes back with its files', async ({ page }) => {
  await openDemo(page);
  await attach(page);
  await expect(page.getByText('files alone are not sent')).toBeVisible();
  await page.route('**/turns', (r) => r.abort());
  await send(page, 'Look at these');
  await expect(page.getByText('This was not sent.')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(composer(page)).toHaveValue('Look at these');
  await expect(page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')).toHaveCount(2);
});

test('a long text that is pasted becomes a file, or text after all', async ({ page }) => {
  await openDemo(page);
  const list = page.getByRole('list', { name: 'Attached files' });
  await composer(page).fill('Before ');
  await paste(page, 'a line of a log\n'.repeat(101));
  await expect(list).toContainText('pasted.txt');
  await expect(composer(page)).toHaveValue('Before ');
  await expect(page.getByText('The long text became the file pasted.txt.')).toBeVisible();
  await page.getByRole('button', { name: 'As text instead' }).click();
  await expect(list).toHaveCount(0);
  await expect(composer(page)).toHaveValue(`Before ${'a line of a log\n'.repeat(101)}`);
  await expect(composer(page)).toBeFocused();

  await prefer(page, { paste: 'off' });
  await composer(page).fill('');
  expect(await paste(page, 'x'.repeat(5000))).toBe(false); // the browser puts it in
  await expect(list).toHaveCount(0);
});

test('a file that is on its way can be stopped', async ({ page }) => {
  await openDemo(page);
  await page.route('**/api/attachments?**', () => undefined); // it never arrives
  await attach(page);
  await page.getByRole('button', { name: 'Stop sending run.log' }).click();
  await expect(page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')).toHaveCount(1);
  await composer(page).fill('And this');
  await expect(page.getByRole('button', { name: /^Send/ })).toBeDisabled(); // the other one is still on its way
});

test('a person can send with Ctrl+Enter, and input methods keep their Enter', async ({ page }) => {
  await openDemo(page);
  await prefer(page, { send: 'mod-enter', spelling: 'off' });
  await expect(composer(page)).toHaveAttribute('spellcheck', 'false');
  await composer(page).focus();
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await expect(composer(page)).toHaveValue('one\ntwo');
  await composer(page).dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, keyCode: 229 });
  await composer(page).dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true });
  await expect(composer(page)).toHaveValue('one\ntwo');
  await page.keyboard.press('Control+Enter');
  await expect(transcript(page)).toContainText('two');
});

test('commands: like this one, the sheet, the server, and what is said with a slash', async ({ page }) => {
  const path = await openDemo(page);
  await composer(page).focus();
  await page.keyboard.type('/theme da');
  await expect(page.getByRole('option', { name: /^dark/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.type('//stop here');
  await expect(page.getByText('It is sent as text: /stop here')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(transcript(page)).toContainText('/stop here');
  await expect(transcript(page)).not.toContainText('//stop');
  await composer(page).focus();
  await page.keyboard.type('/clear');
  await expect(page.getByRole('option', { name: /^\/clear/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(new RegExp(`${path}$`));
  await expect(page).toHaveURL(/\/s\/ses_/);
  await expect(page.getByRole('button', { name: 'Workspace: workspace' })).toBeVisible();
  await composer(page).focus();
  await page.keyboard.type('/status');
  await expect(page.getByRole('option', { name: /^\/status/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/health$/);
});

withModel('while the agent works: what Enter does, the other ways, the queue in another order', async ({ page, model }) => {
  const words = Array.from({ length: 600 }, (_, i) => `word${i}`).join(' ');
  model.script = byWord({ Long: [{ text: words, gap: 60 }] });
  await openDirect(page, model);
  await send(page, 'Long story');
  await expect(transcript(page)).toContainText('word3', { timeout: 20_000 });
  await expect(composer(page)).toHaveAttribute('placeholder', 'Write what comes next');
  for (const text of ['First', 'Second', 'Third']) await send(page, text);
  const rows = page.getByRole('list', { name: 'Waiting prompts' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  const grip = page.getByRole('button', { name: 'Move prompt 3 of 3: Third' });
  await grip.press('ArrowUp');
  await expect(rows.nth(1)).toContainText('Third');
  await page.getByRole('button', { name: 'Move prompt 2 of 3: Third' }).press('ArrowUp');
  await expect(rows.nth(0)).toContainText('Third');
  await expect(page.getByRole('button', { name: 'Move prompt 1 of 3: Third' })).toBeFocused();

  const from = await page.getByRole('button', { name: /^Move prompt 1/ }).boundingBox();
  const to = await rows.nth(2).boundingBox();
  if (!from || !to) throw new Error('the rows are not there');
  await page.mouse.move(from.x + 5, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 5, to.y + to.height - 2, { steps: 4 });
  await page.mouse.up();
  await expect(rows.nth(2)).toContainText('Third');
  await rows.nth(0).getByRole('button', { name: 'Withdraw' }).click();
  await expect(rows).toHaveCount(2);
  await expect(composer(page)).toBeFocused();

  await prefer(page, { busy: 'steer' });
  await expect(composer(page)).toHaveAttribute('placeholder', 'Say something into the running answer');
  await composer(page).fill('Fourth');
  await page.keyboard.press('Control+Enter'); // the key of steering queues now
  await expect(rows).toHaveCount(3);
  await send(page, 'Shorter, please');
  await expect(transcript(page)).toContainText('You, while it worked');
  await composer(page).fill('Fifth');
  await page.getByRole('button', { name: 'Other ways to say it' }).click();
  await page.getByRole('menuitem', { name: /^Queue/ }).click();
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('ArrowUp'); // nothing can be edited now: the prompt before comes back
  await expect(composer(page)).toHaveValue('Fifth');
  await page.keyboard.press('ArrowUp');
  await expect(composer(page)).toHaveValue('Fourth');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(composer(page)).toHaveValue('');
  await page.getByRole('button', { name: /^Stop/ }).click();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('everything is in one sheet', async ({ page }) => {
    await stubModels(page, few);
    await openDemo(page);
    await page.getByRole('button', { name: 'Files, model, workspace' }).tap();
    expect(await page.locator('[popover] .mi').evaluateAll(small)).toEqual([]);
    await page.getByRole('button', { name: 'Model: default model' }).tap();
    expect(await page.getByRole('option').evaluateAll(small)).toEqual([]);
    await page.getByRole('option', { name: 'GPT large' }).tap();
    await expect(page.getByRole('button', { name: 'Model: GPT large' })).toBeVisible();
    await page.getByRole('button', { name: /^Workspace:/ }).tap();
    const dialog = page.getByRole('dialog', { name: 'Workspace', exact: true });
    await expect(dialog.getByRole('button', { name: 'Use this folder' })).toBeVisible();
    expect(await dialog.locator('button, input').evaluateAll(small)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await dialog.getByRole('button', { name: 'Cancel' }).tap();
    await expect(dialog).toHaveCount(0);
  });
});

test.describe('for everyone', () => {
  test.use({ bypassCSP: true }); // for the script of axe only

  for (const scheme of ['light', 'dark'] as const) {
    test(`what opens from the foot has no barriers: ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await stubModels(page, few);
      await openDemo(page);
      await page.getByRole('button', { name: /^Model:/ }).click();
      await expect(page.getByRole('combobox')).toBeFocused();
      await clean(page, 'models');
      await page.getByRole('option', { name: 'GPT large' }).click();
      await page.getByRole('button', { name: /^Reasoning effort:/ }).click();
      await clean(page, 'efforts');
      await page.keyboard.press('Escape');
      await attach(page);
      await expect(page.getByText('files alone are not sent')).toBeVisible();
      await clean(page, 'files');
      await page.getByRole('button', { name: /^Workspace:/ }).click();
      await page.getByRole('button', { name: 'New folder' }).click();
      await clean(page, 'workspace');
    });
  }
});

function model(id: string, name: string, provider_name: string, more: object) {
  const empty = { window: 0, images: '', efforts: [] as string[], price: null };
  return { agent: 'demo', id, name, provider: id.split('/')[0], provider_name, ...empty, ...more };
}

async function stubModels(page: Page, items: object[]): Promise<void> {
  const problems = [{ provider: 'lmstudio', name: 'LM Studio', problem: 'Nothing answers at port 1234.' }];
  await page.route('**/api/models', (r) => r.fulfill({ json: { items, problems } }));
}

async function attach(page: Page): Promise<void> {
  await page.locator('input[type=file]').setInputFiles([
    { name: 'shot.png', mimeType: 'image/png', buffer: pixel },
    { name: 'run.log', mimeType: 'text/plain', buffer: Buffer.from('ok\n') },
  ]);
}

/** Chooses on this device, as the settings do. */
async function prefer(page: Page, own: object): Promise<void> {
  await page.evaluate((all) => {
    localStorage.setItem('hermes.preferences', JSON.stringify(all));
    window.dispatchEvent(new StorageEvent('storage', { key: 'hermes.preferences' })); // as if another tab did
  }, own);
}

/** True: the page took the text; else the browser would put it in. */
function paste(page: Page, text: string): Promise<boolean> {
  return composer(page).evaluate((area: HTMLTextAreaElement, words) => {
    const data = new DataTransfer();
    data.setData('text/plain', words);
    area.focus();
    return !area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** Elements that a finger would miss. */
function small(all: Element[]): string[] {
  return all
    .map((x) => ({ x, box: x.getBoundingClientRect() }))
    .filter(({ box }) => box.height > 0 && box.height < 43.5)
    .map(({ x }) => x.outerHTML.slice(0, 120));
}
