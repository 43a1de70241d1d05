import type { Page } from '@playwright/test';
import { gate, openDirect, test } from './direct';
import { type Model, promptOf } from './model';
import { composer, expect, send, transcript } from './program';

/** An answer that is worth shortening. */
const long = 'Peas stand in the first bed, and beans in the second one. '.repeat(30);

async function talk(page: Page, model: Model): Promise<void> {
  model.script = () => ({ text: long, tokens: 24_000 });
  await openDirect(page, model);
  await send(page, 'What grows in the garden?');
  await expect(transcript(page)).toContainText('Peas stand');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
}

function asides(model: Model): string[] {
  return model.asked
    .filter((x) => x.tools === undefined && promptOf(x).includes('The summary:'))
    .map((x) => JSON.stringify(x.messages));
}

test('a person shortens the context, and the model is told the summary from then on', async ({ page, model }) => {
  await talk(page, model);
  const wait = gate();
  model.aside = (asked) =>
    promptOf(asked).includes('The summary:') ? { text: 'They grow peas.', after: wait.opened } : { text: 'A garden' };
  const meter = page.getByRole('button', { name: /^Context: / });
  await expect(meter.first()).toContainText('24k');
  await meter.first().click();
  await expect(page.getByRole('button', { name: 'Shorten the context' })).toBeVisible();
  await page.keyboard.press('Escape');
  model.script = () => ({ text: 'Gravel.' });
  await composer(page).fill('/compress the beans');
  await composer(page).press('Enter');
  await expect(transcript(page)).toContainText('Shortening the context');
  await expect(transcript(page)).toContainText('In mind: the beans');
  await send(page, 'And the paths?'); // waits for its turn
  wait.open();
  await expect(transcript(page)).toContainText('You shortened the context');
  await expect(transcript(page)).toContainText('And the paths?');
  await expect.poll(() => promptOf(model.newest)).toContain('And the paths?');
  expect(asides(model)[0]).toContain('above all: the beans');
  const told = JSON.stringify(model.newest.messages);
  expect(told).toContain('They grow peas.');
  expect(told).not.toContain('first bed');
  await transcript(page).getByText('What the model was told').first().click();
  await expect(transcript(page)).toContainText('They grow peas.');
  await expect(meter.first()).toContainText(/^\s*[1-4]k/);

  await page.reload();
  await expect(transcript(page)).toContainText('You shortened the context');
});

test('a shortening is undone, fails in words, and is not offered where there is nothing', async ({ page, model, program }) => {
  await talk(page, model);
  model.aside = () => ({ text: '' });
  await page.keyboard.press('Escape');
  await page.getByRole('log').focus();
  await page.keyboard.press('s');
  await page.keyboard.press('h');
  await expect(transcript(page)).toContainText('The context was not shortened.');
  await expect(transcript(page)).toContainText('answered without a summary');

  model.aside = () => ({ text: 'They grow peas.' });
  await transcript(page).getByRole('button', { name: 'Try again' }).click();
  await expect(transcript(page)).toContainText('You shortened the context');
  await transcript(page).getByRole('button', { name: 'Undo' }).last().click();
  await expect(transcript(page).getByText('You shortened the context')).toHaveCount(0);
  await send(page, 'And now?');
  await expect.poll(() => promptOf(model.newest)).toContain('And now?');
  expect(JSON.stringify(model.newest.messages)).toContain('Peas stand');

  // The demo agent cannot: it is not offered.
  const answer = await page.request.post('/api/sessions', { data: { agent: 'demo' } });
  const { session } = (await answer.json()) as { session: { id: string } };
  await page.goto(`${program.url}/s/${session.id}`);
  await composer(page).fill('/compress');
  await expect(page.getByRole('option', { name: '/compress', disabled: true })).toBeVisible();
});

test('the meter offers it where the window fills up', async ({ page, model }) => {
  await talk(page, model);
  model.aside = () => ({ text: 'They grow peas.' });
  const meter = page.getByRole('button', { name: /^Context: / }).first();
  await meter.click();
  await page.getByRole('button', { name: 'Shorten the context' }).click();
  await expect(page.getByRole('button', { name: 'Shorten the context' })).toBeHidden();
  await expect(transcript(page)).toContainText('You shortened the context');
  await expect(meter).not.toContainText('24k');
});

test('a killed program leaves the context as it was', async ({ page, model, program }) => {
  await talk(page, model);
  model.aside = () => ({ text: 'never', after: new Promise(() => {}) });
  await composer(page).fill('/compress');
  await composer(page).press('Enter');
  await expect(transcript(page)).toContainText('Shortening the context');
  await expect.poll(() => asides(model).length).toBe(1);
  await program.kill();
  await program.restart();
  await expect(transcript(page)).toContainText('Nothing has changed', { timeout: 20_000 });
  model.aside = () => ({ text: 'They grow peas.' });
  await transcript(page).getByRole('button', { name: 'Try again' }).click();
  await expect(transcript(page)).toContainText('You shortened the context');
});
