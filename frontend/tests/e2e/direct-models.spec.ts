import type { Page } from '@playwright/test';
import { connect, gate, openDirect, openSession, test } from './direct';
import { byWord, Model, promptOf } from './model';
import { expect, send, transcript } from './program';

/** As OpenRouter lists models: prices are for one token. */
const three = [
  {
    id: 'deep',
    name: 'Deep',
    context_length: 200_000,
    pricing: { prompt: '0.000003', completion: '0.000015' },
    supported_parameters: ['tools', 'reasoning'],
    architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
  },
  { id: 'quick', name: 'Quick', context_length: 64_000, pricing: { prompt: '0.00000015', completion: '0.0000006' } },
  { id: 'plain', name: 'Plain', context_length: 32_000 },
];

test('a model of several providers is chosen by keyboard, with an effort, and made the default', async ({ page, model }) => {
  const lab = await Model.start(() => ({ text: 'From the lab.' }));
  try {
    model.models = three;
    lab.models = [{ id: 'homegrown', context_length: 8192 }];
    await connect(page, model);
    await addProvider(page, 'My Lab', lab.url);
    await openSession(page);

    await page.getByRole('button', { name: /^Model:/ }).press('Enter');
    const find = page.getByRole('combobox', { name: 'Find a model' });
    await expect(page.getByRole('option')).toHaveCount(5); // and the default
    const deep = page.getByRole('option', { name: /Deep/ });
    await expect(deep).toContainText('sees images');
    await expect(deep).toContainText('200k');
    await expect(deep).toContainText('$3 / $15');
    await expect(page.getByRole('group', { name: 'My Lab' })).toContainText('homegrown');
    await find.fill('deep');
    await find.press('Enter');
    await page.getByRole('button', { name: /^Reasoning effort:/ }).press('Enter');
    await page.keyboard.press('h');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Reasoning effort: high' })).toBeVisible();
    await send(page, 'Think');
    await expect(transcript(page)).toContainText('Hello.');
    expect(model.newest).toMatchObject({ model: 'deep', reasoning_effort: 'high' });

    await page.getByRole('button', { name: 'Model: Deep' }).press('Enter');
    await page.getByRole('button', { name: 'Use it for new sessions too' }).press('Enter');
    await expect(page.getByText('New sessions begin with Deep.').first()).toBeVisible();

    // A model without levels is not asked with one.
    await page.getByRole('button', { name: 'Model: Deep' }).press('Enter');
    await find.fill('homegrown');
    await find.press('Enter');
    await expect(page.getByRole('button', { name: 'Model: homegrown' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Reasoning effort/ })).toHaveCount(0);
    await send(page, 'And now you');
    await expect(transcript(page)).toContainText('From the lab.');
    expect(lab.newest.model).toBe('homegrown');
    expect(lab.newest).not.toHaveProperty('reasoning_effort');

    await openSession(page);
    await expect(page.getByRole('button', { name: 'Model: Deep' })).toBeVisible();
    await send(page, 'By default');
    await expect(transcript(page)).toContainText('Hello.');
    expect(model.newest).toMatchObject({ model: 'deep', reasoning_effort: 'high' });
    expect(promptOf(model.newest)).toContain('By default');
  } finally {
    await lab.stop();
  }
});

test('a model that is not offered any more is marked, and a prompt to it says so', async ({ page, program, model }) => {
  model.models = three;
  await openDirect(page, model);
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('option', { name: /Quick/ }).click();
  await expect(page.getByRole('button', { name: 'Model: Quick' })).toBeVisible();
  model.models = three.slice(0, 1);
  await program.kill();
  await program.restart(); // the list on the disk is renewed behind the page
  await page.reload();
  const gone = page.getByRole('button', { name: 'Model: openai/quick, not offered any more' });
  await expect(gone).toBeVisible();
  await send(page, 'Are you there?');
  await expect(transcript(page)).toContainText('does not offer the model');
  await expect(transcript(page)).toContainText('Choose another model');
  expect(model.asked).toEqual([]);

  await gone.click();
  await page.getByRole('option', { name: /Deep/ }).click();
  await transcript(page)
    .getByRole('button', { name: /^Try again/ })
    .click();
  await expect(transcript(page)).toContainText('Hello.');
  expect(model.newest.model).toBe('deep');
});

test('the context fills, older turns are summarised, and the notice shows the summary', async ({ page, model }) => {
  const long = 'The lamp was lit at dusk. '.repeat(300); // 8 kB
  model.script = byWord({ one: [{ text: 'Read one.' }], two: [{ text: 'Read two.' }], three: [{ text: 'Read three.' }] });
  model.aside = (asked) => ({
    text: promptOf(asked).includes('The summary:') ? 'They read about a lamp at dusk.' : 'Lamps',
  });
  await connect(page, model);
  await setWindow(page, 'scripted', '12000');
  await openSession(page);
  const meter = page.getByRole('button', { name: /^Context:/ });
  await expect(meter).toHaveCount(0);
  await send(page, `one ${long}`);
  await expect(transcript(page)).toContainText('Read one.');
  await expect(meter).toContainText('of 12k');
  const first = await used(page);
  await send(page, `two ${long}`);
  await expect(transcript(page)).toContainText('Read two.');
  await expect.poll(() => used(page)).toBeGreaterThan(first);

  await send(page, `three ${long}`);
  await expect(transcript(page)).toContainText('Read three.');
  await expect(transcript(page)).toContainText('from here on the model is told a summary');
  await expect(transcript(page).getByText('They read about a lamp at dusk.')).toHaveCount(0);
  await transcript(page).getByText('What the model was told').click();
  await expect(transcript(page).getByText('They read about a lamp at dusk.')).toBeVisible();
  await expect(transcript(page)).toContainText('Read one.'); // nothing leaves the transcript
  const told = JSON.stringify(model.newest.messages);
  expect(told).toContain('They read about a lamp at dusk.');
  expect(told).not.toContain('Read one.');
  expect(told).toContain('three The lamp');
});

test('a session is named by its first words, then by the model, and never over a person', async ({ page, model }) => {
  const naming = gate();
  model.aside = () => ({ text: 'The harbor lamp', after: naming.opened });
  await openDirect(page, model);
  const title = page.getByRole('heading', { level: 1 });
  await send(page, 'How tall is the lamp of the harbor?');
  await expect(title).toHaveText('How tall is the lamp of the harbor?');
  await expect(transcript(page)).toContainText('Hello.');
  naming.open();
  await expect(title).toHaveText('The harbor lamp');
  await expect(page.locator('.side [data-row]').first()).toContainText('The harbor lamp');

  const again = gate();
  model.aside = () => ({ text: 'A name of the model', after: again.opened });
  await openSession(page);
  await send(page, 'And how wide?');
  await expect(transcript(page)).toContainText('Hello.');
  await expect.poll(() => model.asked.filter((x) => x.tools === undefined).length).toBe(2);
  await title.press('F2');
  await page.keyboard.type('My own name');
  await page.keyboard.press('Enter');
  await expect(title).toHaveText('My own name');
  again.open();
  // The next turn comes after whatever the model said of the name.
  model.script = () => ({ text: 'Four paces.' });
  await send(page, 'Once more');
  await expect(transcript(page)).toContainText('Four paces.');
  await page.reload();
  await expect(title).toHaveText('My own name');
});

async function addProvider(page: Page, name: string, url: string): Promise<void> {
  await page.goto('/settings/models');
  await page.getByRole('button', { name: 'Add a provider of your own' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Address').fill(url);
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(page.locator('.item', { hasText: name })).toContainText('1 model');
}

async function setWindow(page: Page, model: string, tokens: string): Promise<void> {
  await page.goto('/settings/models');
  await page.locator('.item summary', { hasText: '1 model' }).click();
  await page.getByRole('button', { name: `Edit what is known about ${model}` }).click();
  await page.getByRole('textbox', { name: /^Window/ }).fill(tokens);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('set by you', { exact: true })).toBeVisible();
}

/** How full the meter is drawn, in percent. */
async function used(page: Page): Promise<number> {
  const style = (await page.locator('.foot .meter').getAttribute('style')) ?? '';
  return Number(/([\d.]+)%/.exec(style)?.[1]);
}
