import { fileURLToPath } from 'node:url';
import { card, openDirect, test } from './direct';
import { byWord, call, resultsOf } from './model';
import { expect, send, transcript } from './program';

const server = fileURLToPath(new URL('mcp-garden.mjs', import.meta.url));

test('a server of tools is added, and its tool is used after it was allowed', async ({ page, model }) => {
  model.script = byWord({
    roses: [{ calls: [call('garden__water', { bed: 'roses' })] }, { text: 'The roses have water.' }],
    tulips: [{ calls: [call('garden__water', { bed: 'tulips' })] }, { text: 'The tulips have none.' }],
  });
  const path = await openDirect(page, model);
  await page.goto('/settings/tools');
  await page.getByRole('button', { name: 'Add an MCP server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('garden');
  await page.getByRole('textbox', { name: 'Command' }).fill(`'${process.execPath}' '${server}'`);
  await page.getByRole('button', { name: 'Add a value' }).click();
  await page.keyboard.type('GARDEN_CAN');
  await page.getByLabel('Value of GARDEN_CAN').fill('the green can');
  await page.getByRole('button', { name: 'Add server' }).click();
  const item = page.locator('.item', { hasText: 'garden' });
  await expect(item).toContainText('ready, 1 tool');
  await item.getByText('1 tool', { exact: true }).click();
  await expect(item).toContainText('Waters a bed of the garden.');

  await page.goto(path);
  await send(page, 'Water the roses');
  await expect(card(page)).toContainText('Use water of garden?');
  await expect(card(page)).toContainText('"bed": "roses"');
  await expect(card(page).getByText('use water of garden', { exact: true })).toBeVisible();
  await card(page)
    .getByRole('button', { name: /^Allow once/ })
    .click();
  await expect(transcript(page)).toContainText('The roses have water.');
  expect(model.newest.tools?.map((x) => x.function.name)).toContain('garden__water');
  // The server got the value; the model is not told it.
  expect(resultsOf(model.newest).join()).toContain('The bed of roses is wet, by [secret].');
  expect(JSON.stringify(model.asked)).not.toContain('green can');
  await transcript(page).locator('.lr').filter({ hasText: 'garden' }).locator('summary').click();
  await expect(transcript(page)).toContainText('The bed of roses is wet, by [secret].');

  await send(page, 'And the tulips');
  await expect(card(page)).toContainText('"bed": "tulips"'); // once was once
  await card(page).getByRole('button', { name: 'Deny', exact: false }).first().click();
  await expect(transcript(page)).toContainText('The tulips have none.');
  expect(resultsOf(model.newest).join()).not.toContain('wet');
});

test('what a turn used is read in a narrow window, too, until its actions are called for', async ({ page, model }) => {
  model.script = () => ({ text: 'Well said.' });
  await page.setViewportSize({ width: 420, height: 840 });
  await openDirect(page, model);
  for (const words of ['first', 'second']) {
    await send(page, words);
    await expect(transcript(page)).toContainText(words);
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  }
  const note = transcript(page).getByRole('note', { name: 'This turn' }).first();
  await expect(note).toContainText('Out');
  await page.mouse.move(2, 2);
  await expect(transcript(page).locator('.beside .acts')).toHaveCSS('opacity', '0');
  const seen = await note.screenshot();
  await page.addStyleTag({ content: '.beside { visibility: hidden }' });
  expect((await note.screenshot()).equals(seen)).toBe(true);
});
