import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { clean } from './barriers';
import { card, openDirect, test } from './direct';
import { byWord, call } from './model';
import { expect, send, transcript } from './program';

const server = fileURLToPath(new URL('mcp-garden.mjs', import.meta.url));

test.use({ bypassCSP: true }); // for the script of axe only

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`the direct agent has no barriers that axe can find: ${scheme}, ${width}`, async ({ page, model }) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      model.models = [
        { id: 'scripted', name: 'Scripted', context_length: 32_000, supported_parameters: ['reasoning'] },
        { id: 'other', name: 'Other', context_length: 8000, pricing: { prompt: '0.000001', completion: '0.000002' } },
      ];
      model.script = byWord({
        tidy: [
          { text: 'I tidy.', calls: [call('edit_file', { path: 'notes.md', old: '# Notes', new: '# Good notes' })] },
          { calls: [call('ask_user', { question: 'Which colour?', choices: ['Blue', 'Green'] })] },
          { text: 'Done.' },
        ],
      });
      const path = await openDirect(page, model);
      await send(page, 'tidy up');
      await expect(card(page).getByRole('table')).toBeVisible();
      await clean(page, 'approval with a diff');
      await card(page).getByRole('radio', { name: 'Always' }).check();
      await card(page)
        .getByRole('button', { name: /^Always allow/ })
        .click();
      await expect(card(page)).toContainText('Which colour?');
      await clean(page, 'question');
      await card(page).getByRole('button', { name: /Blue/ }).click();
      await expect(transcript(page)).toContainText('Done.');
      await transcript(page).getByText('Edited 1 file, asked 1 question').click();
      for (const row of await transcript(page).locator('.lg-r summary').all()) await row.click();
      await expect(transcript(page).getByRole('table').first()).toBeVisible();
      await clean(page, 'rows of the turn');

      await openFoot(page, width);
      await page.getByRole('button', { name: /^Model:/ }).click();
      await expect(page.getByRole('option', { name: /Other/ })).toBeVisible();
      await clean(page, 'model picker');
      await page.goto(path);
      await openFoot(page, width);
      await page.getByRole('button', { name: /^Workspace:/ }).click();
      await expect(page.getByRole('button', { name: 'Use this folder' })).toBeEnabled();
      await clean(page, 'workspace');

      const added = await page.request.put('/api/mcp/garden', { data: { command: [process.execPath, server], enabled: true } });
      expect(added.ok()).toBe(true);
      await page.goto('/settings/models');
      await page.locator('.item summary', { hasText: '2 models' }).click();
      await page.getByRole('button', { name: 'Edit what is known about Other' }).click();
      await clean(page, 'settings, models');
      await page.goto('/settings/permissions');
      await page.getByRole('button', { name: /^Remove the rule:/ }).click();
      await expect(page.getByRole('button', { name: 'Remove rule' })).toBeVisible();
      await clean(page, 'settings, permissions');
      await page.goto('/settings/tools');
      await page.getByRole('button', { name: 'Check garden' }).click();
      await expect(page.getByText('ready, 1 tool')).toBeVisible();
      await page.getByText('1 tool', { exact: true }).click();
      await clean(page, 'settings, tools');
    });
  }
}

/** On a phone the foot is in a sheet. */
async function openFoot(page: Page, width: number): Promise<void> {
  if (width < 700) await page.getByRole('button', { name: 'Files, model, workspace' }).click();
}
