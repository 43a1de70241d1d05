import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test } from './hermes';
import { look } from './look';
import { byWord, call, promptOf } from './model';
import { composer, type Program, send, transcript } from './program';

async function open(page: Page, program: Program): Promise<void> {
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();
}

test('a picture that the agent names is shown while it still speaks, and a file can be saved', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(120_000);
  await page.goto(program.url);
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
  await writeFile(join(program.workspace, 'a plot.png'), picture);
  await writeFile(join(program.workspace, 'numbers.csv'), 'a,b\n1,2\n');
  const said = `Here is the plot:\n\nMEDIA:${join(program.workspace, 'a plot.png')}\n\nand its numbers are in MEDIA:${join(program.workspace, 'numbers.csv')}\n\n`;
  const forbidden = `MEDIA:${join(program.home, '.hermes', 'config.yaml')}`;
  model.script = byWord({
    plot: [{ text: `${said}What is not yours stays words: ${forbidden}\n\n${'More words. '.repeat(200)}`, gap: 30 }],
  });
  await open(page, program);
  await send(page, 'Please plot it');
  const shown = transcript(page).getByRole('img', { name: /a plot\.png/ });
  await expect(shown).toBeVisible({ timeout: 60_000 });
  await expect(transcript(page)).toContainText('More words.', { timeout: 30_000 });
  await expect(page.getByRole('button', { name: /^Stop/ }).first()).toBeVisible(); // it still speaks
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
  await expect(transcript(page)).toContainText(forbidden);
  await expect(transcript(page)).not.toContainText(`MEDIA:${program.workspace}`);
  await look(page, 'media-live');
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(transcript(page)).toContainText('Stopped', { timeout: 15_000 });
  const saved = page.waitForEvent('download');
  await transcript(page)
    .getByRole('link', { name: /numbers\.csv/ })
    .click();
  expect(await readFile(await (await saved).path(), 'utf8')).toBe('a,b\n1,2\n');
  await page.reload();
  await expect(shown).toBeVisible();
  await shown.click();
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');
  await look(page, 'media-done');
});

const skill = `---
name: weather
description: Says what the weather is.
required_environment_variables:
  - name: WEATHER_TOKEN
    prompt: Your token for weather.test
---
Ask the weather service.
`;

test('what a helper wants after the turn is asked in a turn of the agent, and what it learned is told', async ({
  page,
  program,
  model,
}) => {
  test.setTimeout(180_000);
  const home = join(program.home, '.hermes');
  await appendFile(join(home, 'config.yaml'), 'memory: {memory_enabled: true, nudge_interval: 1}\n');
  await mkdir(join(home, 'skills', 'weather'), { recursive: true });
  await writeFile(join(home, 'skills', 'weather', 'SKILL.md'), skill);
  let later = () => {};
  const over = new Promise<void>((done) => {
    later = done;
  });
  const story = byWord({
    delegate: [{ calls: [call('delegate_task', { goal: 'look at the sky', context: 'none' })] }, { text: 'It is under way.' }],
    '[ASYNC': [{ text: 'The sky is blue.' }],
    sky: [{ calls: [call('skill_view', { name: 'weather' })], after: over }, { text: 'It is blue.' }],
  });
  model.script = (asked, round) => {
    if (!promptOf(asked).startsWith('Review the conversation')) return story(asked, round);
    if (round > 0) return { text: 'Saved.' };
    return { calls: [call('memory', { action: 'add', target: 'user', content: `They like order (${Math.random()}).` })] };
  };
  await open(page, program);
  await send(page, 'Good morning');
  await expect(transcript(page)).toContainText('Hermes looked back at its work.', { timeout: 60_000 });
  await expect(transcript(page)).toContainText('Self-improvement review');
  await look(page, 'review');
  await transcript(page).getByRole('button', { name: 'Undo' }).click(); // what was asked last, not what came of itself
  await expect(page.getByRole('button', { name: 'Redo' })).toHaveCount(0); // of this agent it cannot be had back
  await expect(transcript(page)).toHaveCount(0); // nothing was said: the session is as new
  await send(page, 'Please delegate this');
  await expect(transcript(page)).toContainText('It is under way.', { timeout: 60_000 });
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
  later();
  const card = page.locator('.askc');
  await expect(card).toContainText('Your token for weather.test', { timeout: 60_000 });
  await expect(transcript(page)).toContainText('Work in the background needs an answer.');
  await look(page, 'asks-alone');
  await card.locator('input').fill('tok-4711');
  await card.getByRole('button', { name: 'Answer' }).click();
  await expect(card).toHaveCount(0);
  await expect(transcript(page)).toContainText('The sky is blue.', { timeout: 60_000 });
  await expect(transcript(page)).toContainText('Hermes needs a secret');
  await look(page, 'asked-alone');
  expect(await readFile(join(home, '.env'), 'utf8')).toContain('tok-4711');
  await expect(transcript(page)).not.toContainText('tok-4711');
});
