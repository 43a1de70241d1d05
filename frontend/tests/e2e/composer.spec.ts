import type { Page } from '@playwright/test';
import { clean } from './barriers';
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

test('a long text that is pasted can become a file', async ({ page }) => {
  await openDemo(page);
  await composer(page).focus();
  await composer(page).evaluate((area: HTMLTextAreaElement) => {
    const text = 'a line of a log\n'.repeat(600);
    const data = new DataTransfer();
    data.setData('text/plain', text);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    area.setRangeText(text, 0, 0, 'end'); // what the browser does after a paste by hand
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await page.getByRole('button', { name: 'Attach it as a file' }).click();
  await expect(page.getByRole('list', { name: 'Attached files' })).toContainText('pasted.txt');
  await expect(composer(page)).toHaveValue('');
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

/** Elements that a finger would miss. */
function small(all: Element[]): string[] {
  return all
    .map((x) => ({ x, box: x.getBoundingClientRect() }))
    .filter(({ box }) => box.height > 0 && box.height < 43.5)
    .map(({ x }) => x.outerHTML.slice(0, 120));
}
