import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { openDirect, test } from './direct';
import { composer, expect, send, transcript } from './program';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

/** The program itself reaches no other server in a test: its answer is played. */
async function play(page: Page): Promise<string[]> {
  const asked: string[] = [];
  await page.route('**/api/pictures', async (route) => {
    const { url } = route.request().postDataJSON() as { url: string };
    asked.push(url);
    if (url.includes('gone')) {
      const detail = 'The other server does not give the picture (404).';
      await route.fulfill({ status: 404, contentType: 'application/problem+json', json: { code: 'no_picture', detail } });
    } else await route.fulfill({ contentType: 'image/png', body: png });
  });
  return asked;
}

test('a picture of another server is shown on a click, and the browser never asks there', async ({ page, model, program }) => {
  const outside: string[] = [];
  page.on('request', (r) => {
    if (!r.url().startsWith(program.url) && !/^(blob|data):/.test(r.url())) outside.push(r.url());
  });
  const asked = await play(page);
  model.script = () => ({
    text: 'Look:\n\n![A pea](https://example.org/pea.png) and ![](https://example.org/bean.png)\n\nMore:\n\n![Gone](https://example.com/gone.png)\n\nEnd.',
  });
  await openDirect(page, model);
  await send(page, 'Show me');
  const log = transcript(page);
  await expect(log.getByText('Picture from example.org')).toHaveCount(2);
  expect(asked).toEqual([]);

  await log.getByRole('button', { name: 'Show the picture: A pea' }).click();
  await expect(log.getByRole('img', { name: 'A pea' })).toBeVisible();
  expect(asked).toEqual(['https://example.org/pea.png']);
  await log.getByRole('button', { name: 'Show all 2 of this answer' }).click();
  await expect(log.locator('img')).toHaveCount(2);
  await expect(log.getByText('does not give the picture (404)')).toBeVisible();
  await expect(log.getByRole('button', { name: 'Try again to show the picture: Gone' })).toBeEnabled();

  await log.getByRole('button', { name: 'Look closely: A pea' }).click();
  const box = page.getByRole('dialog', { name: 'Picture, closely' });
  await expect(box).toContainText('A pea · 1 of 2');
  await page.keyboard.press('ArrowRight');
  await expect(box).toContainText('2 of 2');
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
  await expect(log.getByRole('button', { name: 'Look closely: A pea' })).toBeFocused();
  expect(outside).toEqual([]);
});

test('an address on this machine is refused in words, and nobody is asked', async ({ page, model }) => {
  let knocks = 0;
  const inside = createServer((_, res) => {
    knocks++;
    res.end(png);
  });
  await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
  try {
    const { port } = inside.address() as AddressInfo;
    model.script = () => ({ text: `![Trick](http://127.0.0.1:${port}/a.png)\n\nEnd.` });
    await openDirect(page, model);
    await send(page, 'Show me');
    await transcript(page).getByRole('button', { name: 'Show the picture: Trick' }).click();
    await expect(transcript(page).getByText('on this machine or in its own network')).toBeVisible();
    expect(knocks).toBe(0);
  } finally {
    inside.close();
  }
});

test('who wants no pictures keeps the links', async ({ page, model }) => {
  await page.addInitScript(() => localStorage.setItem('hermes.preferences', '{"pictures":"never"}'));
  model.script = () => ({ text: '![A pea](https://example.org/pea.png)\n\nEnd.' });
  await openDirect(page, model);
  await send(page, 'Show me');
  await expect(transcript(page).getByRole('link', { name: 'A pea' })).toBeVisible();
  await expect(transcript(page).getByRole('button', { name: /^Show the picture/ })).toHaveCount(0);
});

test('a picture that was attached is looked at closely', async ({ page, model }) => {
  await openDirect(page, model);
  await page.locator('input[type=file]').first().setInputFiles({ name: 'pea.png', mimeType: 'image/png', buffer: png });
  await composer(page).fill('What is it?');
  await expect(page.getByRole('button', { name: 'Send' })).toBeEnabled();
  await send(page, 'What is it?');
  await transcript(page).locator('.shots a').click();
  const box = page.getByRole('dialog', { name: 'Picture, closely' });
  await expect(box.getByRole('img', { name: 'pea.png' })).toBeVisible();
  await box.getByRole('button', { name: 'Close' }).click();
  await expect(box).toHaveCount(0);
});
