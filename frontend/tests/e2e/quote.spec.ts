import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { openDirect, test } from './direct';
import { byWord, call } from './model';
import { composer, expect, send, transcript } from './program';

function select(what: Locator): Promise<void> {
  return what.evaluate((el) => {
    const range = document.createRange();
    range.selectNodeContents(el);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
  });
}

test('what is selected in an answer is quoted by a button and by a key', async ({ page, model }) => {
  model.script = () => ({ text: 'The first reason.\n\nThe second reason.' });
  await openDirect(page, model);
  await send(page, 'Why?');
  const second = transcript(page).getByText('The second reason.', { exact: true });
  await expect(second).toBeVisible();
  const quote = page.getByRole('button', { name: 'Quote' });
  await expect(quote).toBeHidden();

  await select(second);
  await expect(quote).toBeVisible();
  const [button, line] = [await quote.boundingBox(), await second.boundingBox()];
  expect((button?.y ?? 0) - ((line?.y ?? 0) + (line?.height ?? 0))).toBeLessThan(40);
  await quote.click();
  await expect(composer(page)).toHaveValue('> The second reason.\n\n');
  await expect(composer(page)).toBeFocused();
  await expect(quote).toBeHidden();
  await page.keyboard.type('Is it?');
  await expect(composer(page)).toHaveValue('> The second reason.\n\nIs it?');

  await composer(page).blur();
  await select(transcript(page).getByText('The first reason.', { exact: true }));
  await page.keyboard.press('Shift+Q');
  await expect(composer(page)).toHaveValue('> The second reason.\n\nIs it?\n\n> The first reason.\n\n');
  await page.keyboard.press('Enter');
  await expect(transcript(page).locator('.you').last()).toContainText('> The first reason.');
});

test('a file that a search found is named in the prompt, and times say their whole date', async ({ page, model, program }) => {
  await mkdir(join(program.workspace, 'src'));
  await writeFile(join(program.workspace, 'src', 'clock.go'), 'package clock\n\n// TODO: the hour that comes twice\n');
  model.script = byWord({
    look: [{ calls: [call('search_files', { pattern: 'TODO' })] }, { text: 'One place.' }],
    again: [{ text: 'I see it.' }],
  });
  await openDirect(page, model);
  await send(page, 'look');
  await expect(transcript(page)).toContainText('One place.');
  const row = transcript(page).locator('.lr').filter({ hasText: 'TODO' });
  await row.locator('summary').click();
  await transcript(page).getByRole('button', { name: 'src/clock.go' }).click();
  await expect(composer(page)).toHaveValue('@src/clock.go ');
  await expect(composer(page)).toBeFocused();
  await transcript(page).getByTitle('Name this line in the prompt').click();
  await expect(composer(page)).toHaveValue('@src/clock.go @src/clock.go line 3 ');

  const times = page.locator('time');
  expect(await times.count()).toBeGreaterThan(3); // prompt, answer, call, list
  for (const time of await times.all()) {
    await expect(time).toHaveAttribute('title', /\w+day.*\d{4}/);
    await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
    expect(await time.textContent()).toMatch(/\d{4}/); // a screen reader says it
  }
});
