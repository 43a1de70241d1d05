import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { composer, expect, openDemo, test } from './program';

test('/workspace lists the folders of other sessions, and takes any path that is written', async ({ page, program }) => {
  const garden = join(program.home, 'garden');
  const shed = join(program.home, 'gar'); // its path is the beginning of the other
  await mkdir(garden);
  await mkdir(shed);
  await openDemo(page);
  const made = await page.request.post('/api/sessions', { data: { agent: 'demo', workspace: garden } });
  expect(made.ok(), await made.text()).toBe(true);

  await composer(page).pressSequentially('/workspace ');
  const list = page.getByRole('listbox');
  await expect(list.getByRole('option', { name: garden })).toBeVisible();
  await page.keyboard.type('gard');
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Workspace: garden' })).toBeVisible();
  await expect(composer(page)).toHaveValue('');

  await composer(page).pressSequentially(`/workspace ${shed}`);
  await expect(list.getByRole('option').first()).toHaveText(shed);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Workspace: gar', exact: true })).toBeVisible();
});
