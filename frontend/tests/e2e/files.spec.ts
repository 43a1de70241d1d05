import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { openDirect, test } from './direct';
import { byWord, call, promptOf, resultsOf } from './model';
import { composer, expect, type Program, send, transcript } from './program';

test('a file that is named with @ reaches the agent, which reads it', async ({ page, program, model }) => {
  await fill(program);
  model.script = byWord({
    'Look at': [{ calls: [call('read_file', { path: 'src/config.py' })] }, { text: 'It has a port.' }],
  });
  await openDirect(page, model);
  await composer(page).focus();
  await page.keyboard.type('Look at @con');
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toHaveAttribute('aria-selected', 'true');
  await expect(rows(page).first()).toHaveAttribute('title', 'src/config.py');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('Look at @src/config.py ');
  await expect(rows(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(transcript(page)).toContainText('It has a port.', { timeout: 20_000 });
  expect(promptOf(model.newest)).toContain('@src/config.py');
  expect(JSON.stringify(model.newest.messages[0])).toContain('@path');
  expect(resultsOf(model.newest).join()).toContain('port = 1');
});

test('folders are walked into with Tab, spaces are quoted, Escape leaves it as text', async ({ page, program, model }) => {
  await fill(program);
  await openDirect(page, model);
  await composer(page).focus();
  await page.keyboard.type('@my');
  await expect(rows(page).first()).toHaveAccessibleName(/^my notes\/ folder$/);
  await page.keyboard.press('Tab');
  await expect(composer(page)).toHaveValue('@"my notes/');
  await page.keyboard.type('to');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(composer(page)).toHaveValue('@"my notes/to do.md" ');
  await page.keyboard.type('and @conf');
  await expect(rows(page)).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await expect(rows(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(composer(page)).toHaveAttribute('aria-activedescendant', /-1$/);
  await page.keyboard.press('Escape');
  await expect(rows(page)).toHaveCount(0);
  await page.keyboard.type('ig');
  await expect(rows(page)).toHaveCount(0);
  await page.keyboard.type(' me@example.org');
  await expect(rows(page)).toHaveCount(0);
  await composer(page).fill('');
  await page.keyboard.type('@nothing-is-called-so');
  await expect(page.getByText('No file is called “nothing-is-called-so”.')).toBeVisible();
  await page.keyboard.press('Enter'); // then it is text
  await expect(transcript(page)).toContainText('@nothing-is-called-so');
});

test('what goes wrong is said, and no workspace as well', async ({ page, program, model }) => {
  await fill(program);
  const path = await openDirect(page, model);
  await page.route('**/api/files?**', (r) =>
    r.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is on fire.' } }),
  );
  await composer(page).focus();
  await page.keyboard.type('@c');
  await expect(page.getByText('The files cannot be listed. The disk is on fire.')).toBeVisible();
  await page.unroute('**/api/files?**');
  await page.keyboard.type('o');
  await expect(rows(page).first()).toBeVisible();
  await page.route('**/api/files?**', (r) => r.fulfill({ json: { items: [], more: false, workspace: '' } }));
  await page.keyboard.type('n');
  await expect(page.getByText('This session has no workspace, so there are no files to name.')).toBeVisible();
  expect(path).toContain('/s/');
});

test('the palette names a file in the prompt', async ({ page, program, model }) => {
  await fill(program);
  await openDirect(page, model);
  await composer(page).fill('Look at');
  await page.keyboard.press('Control+K');
  const field = page.getByRole('combobox', { name: 'Find a session, an action, a model or a setting' });
  await field.fill('@config');
  await expect(page.getByRole('group', { name: 'Files of the workspace' }).getByRole('option')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('Look at @src/config.py ');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press('Control+K');
  await field.fill('other.txt');
  await page.getByRole('group', { name: 'Files of the workspace' }).getByRole('option').click();
  await expect(composer(page)).toHaveValue('Look at @src/config.py @other.txt ');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a file is named with a finger', async ({ page, program, model }) => {
    await fill(program);
    await openDirect(page, model);
    await composer(page).tap();
    await page.keyboard.type('@to');
    const row = rows(page).first();
    await expect(row).toHaveAttribute('title', 'my notes/to do.md');
    expect((await row.boundingBox())?.height).toBeGreaterThanOrEqual(43.5);
    await row.tap();
    await expect(composer(page)).toHaveValue('@"my notes/to do.md" ');
    await send(page, `${await composer(page).inputValue()}please`);
    await expect(transcript(page)).toContainText('Hello.');
  });
});

test.describe('for everyone', () => {
  test.use({ bypassCSP: true }); // for the script of axe only

  for (const scheme of ['light', 'dark'] as const) {
    test(`the list of files has no barriers: ${scheme}`, async ({ page, program, model }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await fill(program);
      await openDirect(page, model);
      await composer(page).focus();
      await page.keyboard.type('@o');
      await expect(rows(page).first()).toBeVisible();
      await clean(page, 'files of the workspace');
    });
  }
});

function rows(page: Page) {
  return page.getByRole('listbox', { name: 'Files of the workspace' }).getByRole('option');
}

async function fill(program: Program): Promise<void> {
  for (const folder of ['src', 'my notes', 'node_modules/config']) {
    await mkdir(join(program.workspace, folder), { recursive: true });
  }
  await Promise.all([
    writeFile(join(program.workspace, 'src', 'config.py'), 'port = 1\n'),
    writeFile(join(program.workspace, 'src', 'myconfig.py'), ''),
    writeFile(join(program.workspace, 'my notes', 'to do.md'), ''),
    writeFile(join(program.workspace, 'other.txt'), ''),
    writeFile(join(program.workspace, 'node_modules', 'config', 'index.js'), ''),
  ]);
}
