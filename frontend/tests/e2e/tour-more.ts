import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { gate, openSession } from './direct';
import { byWord, type Model } from './model';
import { composer, type Program, send, transcript } from './program';

interface Stop {
  page: Page;
  program: Program;
  model: Model;
  see: (name: string) => Promise<void>;
  phone: boolean;
}

const beds = 'Peas stand in the first bed, and the heron in the second one. '.repeat(6);
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** What opens inside of a session: what is looked for, named, sent in another way, shortened, and shown from elsewhere. */
export async function within({ page, program, model, see }: Stop): Promise<void> {
  await mkdir(join(program.workspace, 'src'), { recursive: true });
  await writeFile(join(program.workspace, 'src', 'config.py'), '\n');
  await prefer(page, { outline: 'on' });
  const wait = gate();
  model.aside = () => ({ text: 'They grow peas and beans.' });
  model.script = byWord({
    garden: [{ text: beds.repeat(3), tokens: 24_000 }],
    picture: [{ text: 'Look:\n\n![A pea](https://example.org/pea.png)\n\n![Gone](https://example.com/gone.png)\n\nEnd.' }],
    hold: [{ text: 'Long since.', after: wait.opened }],
  });
  await page.route('**/api/pictures', (r) =>
    r.request().postData()?.includes('gone')
      ? r.fulfill({ status: 404, json: { code: 'no_picture', detail: 'The other server does not give the picture (404).' } })
      : r.fulfill({ contentType: 'image/png', body: Buffer.from(png, 'base64') }),
  );
  await openSession(page);
  await send(page, 'What grows in the garden of the old house by the river, and why?');
  await quiet(page);
  await composer(page).press('Control+f');
  await page.getByRole('search').getByRole('textbox').fill('heron');
  await expect(page.getByRole('search')).toContainText(/of \d/);
  await page.keyboard.press('Enter');
  await see('find');
  await page.getByRole('search').getByRole('textbox').fill('nowhere at all');
  await expect(page.getByRole('search')).toContainText('Nothing found');
  await see('find-nothing');
  await page.keyboard.press('Escape');
  await send(page, 'Show me a picture');
  await quiet(page);
  await see('picture');
  await page.getByRole('button', { name: 'Show the picture: A pea' }).click();
  await page.getByRole('button', { name: 'Show the picture: Gone' }).click();
  await expect(page.getByText('(404)')).toBeVisible();
  await see('picture-shown');
  await page.getByRole('button', { name: 'Look closely: A pea' }).click();
  await expect(page.getByRole('dialog', { name: 'Picture, closely' })).toBeVisible();
  await see('picture-closely');
  await page.keyboard.press('Escape');
  await composer(page).fill('Look at @c');
  await expect(page.getByRole('option').first()).toBeVisible();
  await see('mention');
  await composer(page).fill('');
  await send(page, 'hold on');
  await composer(page).fill('Something else');
  await page.getByRole('button', { name: 'Other ways to say it' }).click();
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await see('ways');
  await page.keyboard.press('Escape');
  await composer(page).fill('');
  wait.open();
  await expect(transcript(page)).toContainText('Long since.');
  await quiet(page);
  await send(page, '/compress the beans');
  await expect(transcript(page)).toContainText('You shortened the context');
  await see('shortened');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('config');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('config');
  await see('palette-files');
  await page.keyboard.press('Escape');
}

/** The page as other people like it. */
export async function otherwise({ page, see, phone }: Stop): Promise<void> {
  const path = new URL(page.url()).pathname;
  const kinds = {
    large: { text: '140', face: 'sans', measure: 'wide' },
    compact: { density: 'compact', text: '90' },
    german: { language: 'de' },
  };
  for (const [name, own] of Object.entries(kinds)) {
    await prefer(page, own);
    await page.reload();
    await expect(composer(page)).toBeVisible();
    await see(name);
    await page.goto('/settings/appearance');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await see(`${name}-settings`);
    if (phone) {
      await page.goto('/more');
      await expect(page.getByRole('heading').first()).toBeVisible();
      await see(`${name}-more`);
    }
    await page.goto(path);
  }
  await prefer(page, {});
  await page.reload();
}

async function prefer(page: Page, own: object): Promise<void> {
  await page.evaluate((all) => localStorage.setItem('hermes.preferences', JSON.stringify(all)), own);
}

async function quiet(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
}
