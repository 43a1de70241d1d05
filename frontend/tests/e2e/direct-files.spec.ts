import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openDirect, test } from './direct';
import { byWord, call, resultsOf } from './model';
import { composer, expect, send, transcript } from './program';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';
const shot = { name: 'shot.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') };

test('pictures that are pasted and chosen reach the model, and are there after a reload', async ({ page, model }) => {
  await openDirect(page, model);
  await pastePicture(page, 'pasted.png');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await choosing).setFiles(shot);
  const list = page.getByRole('list', { name: 'Attached files' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('progressbar')).toHaveCount(0);
  await send(page, 'What is on them?');
  await expect(transcript(page)).toContainText('Hello.');
  const told = piecesOf(model.newest.messages.at(-1)?.content);
  expect(told.filter((x) => x.type === 'image_url').map((x) => x.image_url?.url)).toEqual([
    `data:image/png;base64,${pixel}`,
    `data:image/png;base64,${pixel}`,
  ]);
  expect(JSON.stringify(told)).toContain('What is on them?');

  await page.reload();
  for (const name of ['pasted.png', 'shot.png']) {
    const picture = transcript(page).getByRole('img', { name: `Picture ${name}` });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((x) => (x as HTMLImageElement).naturalWidth)).toBe(10);
  }
});

test('a text file waits in the draft over a reload, and its content reaches the model', async ({ page, model }) => {
  await openDirect(page, model);
  const kept = page.waitForResponse((r) => r.url().endsWith('/draft') && r.ok() && r.request().postDataJSON().text !== '');
  await page.locator('input[type=file]').setInputFiles({
    name: 'steps.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Climb the ninety-nine stairs.\n'),
  });
  const list = page.getByRole('list', { name: 'Attached files' });
  await expect(list).toContainText('30 B');
  await composer(page).fill('Count the stairs');
  await kept;
  await page.reload();
  await expect(composer(page)).toHaveValue('Count the stairs');
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await composer(page).press('Enter');
  await expect(transcript(page)).toContainText('Hello.');
  const told = JSON.stringify(model.newest.messages.at(-1)?.content);
  expect(told).toContain('Climb the ninety-nine stairs.');
  expect(told).toContain('steps.txt');
});

test('a file that is too large is refused before it is sent', async ({ page, model }) => {
  await openDirect(page, model);
  const sent: string[] = [];
  page.on('request', (r) => {
    if (r.url().includes('/api/attachments')) sent.push(r.url());
  });
  await page.locator('input[type=file]').evaluate((input: HTMLInputElement) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], 'huge.bin'));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(page.getByRole('alert')).toContainText('huge.bin: The file is larger than 20 MB.');
  expect(sent).toEqual([]);
});

test('a model that sees no pictures is told of them in words, and so is the person', async ({ page, model }) => {
  model.models = [{ id: 'scripted', name: 'Blind', context_length: 32_000, architecture: { input_modalities: ['text'] } }];
  await openDirect(page, model);
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('option', { name: /Blind/ }).click();
  await expect(page.getByRole('button', { name: 'Model: Blind' })).toBeVisible();
  await page.locator('input[type=file]').setInputFiles(shot);
  await expect(page.getByText('Blind does not see images. It is told their names only.')).toBeVisible();
  await send(page, 'What is on it?');
  await expect(transcript(page)).toContainText('Hello.');
  await expect(transcript(page)).toContainText(
    'The model was told of "shot.png" but not given its content: this model does not see pictures; choose one that does.',
  );
  const told = JSON.stringify(model.newest.messages);
  expect(told).not.toContain('image_url');
  expect(told).toContain('shot.png');
});

test('the workspace is changed by keyboard, and the next turn works there', async ({ page, program, model }) => {
  const garden = join(program.home, 'garden');
  await mkdir(garden);
  await writeFile(join(garden, 'roses.txt'), 'red\n');
  model.script = byWord({ list: [{ calls: [call('list_dir', {})] }, { text: 'That is all.' }] });
  await openDirect(page, model);
  await page.getByRole('button', { name: 'Workspace: workspace' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Workspace', exact: true });
  const find = dialog.getByLabel('Find in this folder');
  const place = dialog.getByRole('navigation', { name: 'Path of the folder' }).locator('b');
  await find.press('Backspace'); // up, into the home folder
  await expect(dialog).toContainText('Your home folder is too much for an agent');
  await expect(dialog.getByRole('button', { name: 'Use this folder' })).toBeDisabled();
  await page.keyboard.type('gard');
  await page.keyboard.press('Enter');
  await expect(place).toHaveText('garden');
  await dialog.getByRole('button', { name: 'Use this folder' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Workspace: garden' })).toBeFocused();
  await send(page, 'list it');
  await expect(transcript(page)).toContainText('That is all.');
  expect(resultsOf(model.newest).join()).toContain('roses.txt');

  await page.getByRole('button', { name: 'Workspace: garden' }).press('Enter');
  await dialog.getByRole('button', { name: 'New folder' }).press('Enter');
  await page.keyboard.type('shed');
  await page.keyboard.press('Enter');
  await expect(place).toHaveText('shed');
  await dialog.getByRole('button', { name: 'Use this folder' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Workspace: shed' })).toBeFocused();
  await writeFile(join(garden, 'shed', 'spade.txt'), '');
  await send(page, 'list this one');
  await expect(transcript(page).getByText('That is all.')).toHaveCount(2);
  expect(resultsOf(model.newest).join()).toContain('spade.txt');
  expect(resultsOf(model.newest).join()).not.toContain('roses.txt');
});

interface Piece {
  type: string;
  text?: string;
  image_url?: { url: string };
}

function piecesOf(content: unknown): Piece[] {
  return Array.isArray(content) ? (content as Piece[]) : [];
}

/** What the browser does when a picture is pasted into the composer. */
async function pastePicture(page: Page, name: string): Promise<void> {
  await composer(page).evaluate(
    (area, [name, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (x) => x.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: 'image/png' }));
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    [name, pixel] as const,
  );
}
