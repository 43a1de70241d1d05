import { createServer, type Server } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, openDemo, test } from './program';

/** A server that is not there: nothing leaves this machine. */
const nobody = 'http://127.0.0.1:9/v1';

test('a key is stored and never shown again', async ({ page }) => {
  const key = 'sk-e2e-never-to-be-seen';
  const bodies: Promise<string>[] = [];
  page.on('response', (r) => {
    if (r.url().includes('/api/')) bodies.push(r.text().catch(() => ''));
  });
  await page.goto('/settings/models');
  await page.getByRole('button', { name: 'Connect OpenAI' }).click();
  await page.getByLabel('Address').fill(nobody);
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('A key is stored')).toBeVisible();
  await page.reload();
  await expect(page.getByText('A key is stored')).toBeVisible();
  await expect(page.getByText('these settings')).toBeVisible();
  expect(await page.content()).not.toContain(key);
  await page.goto('about:blank'); // ends the event stream, whose body never ends before
  expect((await Promise.all(bodies)).join()).not.toContain(key);
});

test('a bad address is refused at its field, and nothing that was typed is lost', async ({ page }) => {
  await page.goto('/settings/models');
  await page.getByRole('button', { name: 'Connect OpenAI' }).click();
  await page.getByLabel('Address').fill('not an address');
  await page.getByLabel('Key').fill('sk-kept');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The address must look like' })).toBeVisible();
  await expect(page.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Address')).toHaveValue('not an address');
  await expect(page.getByLabel('Key')).toHaveValue('sk-kept');
});

test('a provider of one’s own is added and removed', async ({ page }) => {
  await page.goto('/settings/models');
  await page.getByRole('button', { name: 'Add a provider of your own' }).click();
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(page.getByText('Give it a name.')).toBeVisible();
  await page.getByLabel('Name').fill('My Lab');
  await page.getByLabel('Address').fill('nowhere');
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The address must look like' })).toBeVisible();
  await page.getByLabel('Address').fill(nobody);
  await page.getByRole('button', { name: 'Add provider' }).click();

  const own = page.locator('.item', { hasText: 'My Lab' });
  await expect(own).toContainText(nobody);
  await page.reload();
  await expect(own).toBeVisible();
  await own.getByRole('button', { name: 'Remove My Lab' }).click();
  await own.getByRole('button', { name: 'Keep' }).click();
  await expect(own.getByRole('button', { name: 'Remove My Lab' })).toBeFocused();
  await own.getByRole('button', { name: 'Remove My Lab' }).click();
  await own.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(own).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Connect OpenAI' })).toBeVisible();
  await expect(own).toHaveCount(0);
});

test('a model server of this machine is found only while one looks, and connected by one click', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (r) => {
    if (r.url().endsWith('/api/providers/found')) asked.push(r.url());
  });
  const ollama = await fakeOllama();
  try {
    if (ollama === null) await stubFound(page);
    await page.goto('/settings/appearance');
    await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible();
    expect(asked).toEqual([]);
    await page.getByRole('link', { name: /Models and providers/ }).click();
    await expect(page.getByRole('button', { name: /Connect Ollama at/ })).toBeVisible();
    const before = asked.length;
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.poll(() => asked.length).toBe(before + 1);
    await expect(page.getByRole('button', { name: 'Look again' })).toBeEnabled();
    await page.getByRole('button', { name: /Connect Ollama at/ }).click();
    await expect(page.locator('.item', { hasText: 'Ollama' }).first()).toBeVisible();
    await expect.poll(() => asked.length).toBe(before + 2);
    await page.getByRole('link', { name: /^Agents/ }).click();
    await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    expect(asked.length).toBe(before + 2);
  } finally {
    ollama?.close();
  }
});

test('rules are explained while there are none', async ({ page }) => {
  await page.goto('/settings/permissions');
  await expect(page.getByText('There are no rules: an agent asks each time.')).toBeVisible();
  await expect(page.getByText('A rule is exact')).toBeVisible();
  await expect(page.getByText(/^Hermes keeps rules of its own.*command_allowlist/)).toBeVisible();
});

test('a rule is listed word by word and removed', async ({ page }) => {
  const path = await openDemo(page);
  const session = path.split('/').at(-1) ?? '';
  const rules = [rule('rul_1', 'run exactly: make test — in /home/me/x', ''), rule('rul_2', 'fetch from example.com', session)];
  await page.route('**/api/rules', (r) => r.fulfill({ json: { items: rules } }));
  await page.route('**/api/rules/*', (r) => {
    expect(r.request().method()).toBe('DELETE');
    return r.fulfill({ status: 204 });
  });
  await page.goto('/settings/permissions');
  await expect(page.locator('.item')).toHaveCount(2);
  await expect(page.locator('.item').first()).toContainText('run exactly: make test — in /home/me/x');
  await expect(page.locator('.item').nth(1).getByRole('link')).toHaveAttribute('href', path);
  await page.getByRole('button', { name: 'Remove the rule: fetch from example.com' }).click();
  await expect(page.getByText('The agent asks again')).toBeVisible();
  await page.getByRole('button', { name: 'Remove rule' }).click();
  await expect(page.locator('.item')).toHaveCount(1);
});

test('an MCP server is added with a value that is never shown, changed and removed', async ({ page }) => {
  const secret = 'e2e-secret-value';
  await page.goto('/settings/tools');
  await page.getByRole('button', { name: 'Add an MCP server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Bad Name');
  await page.getByRole('textbox', { name: 'Command' }).fill('/nowhere/server --dir "my files"');
  await expect(page.locator('.words code')).toHaveText(['/nowhere/server', '--dir', 'my files']);
  await page.getByRole('button', { name: 'Add server' }).click();
  await expect(page.getByText('Use small letters, digits and hyphens')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('files');
  await page.getByRole('button', { name: 'Add a value' }).click();
  await page.keyboard.type('TOKEN');
  await page.getByLabel('Value of TOKEN').fill(secret);
  await page.getByRole('button', { name: 'Add server' }).click();

  const item = page.locator('.item', { hasText: 'files' });
  await expect(item).toContainText("/nowhere/server --dir 'my files'");
  await page.reload();
  await expect(item).toContainText('TOKEN');
  expect(await page.content()).not.toContain(secret);
  await item.getByRole('button', { name: 'Edit files' }).click();
  await expect(item.getByLabel('Value of TOKEN')).toHaveValue('');
  await item.getByRole('textbox', { name: 'Command' }).fill('/nowhere/other');
  await item.getByRole('button', { name: 'Save' }).click();
  await expect(item).toContainText('/nowhere/other');
  await expect(item).toContainText('TOKEN');
  await item.getByRole('button', { name: 'Turn off files' }).click();
  await expect(item.getByRole('button', { name: 'Turn on files' })).toBeVisible();
  await item.getByRole('button', { name: 'Remove files' }).click();
  await item.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(item).toHaveCount(0);
});

test('the sheet is kept on this device', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Lamp, dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('group', { name: 'Sheet' }).getByRole('button', { name: 'Like the system' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test('what Settings brings with it leaves the other screens alone', async ({ page, program }) => {
  for (const title of ['One', 'Two']) await page.request.post(`${program.url}/api/sessions`, { data: { agent: 'demo', title } });
  await page.goto('/');
  const row = page.locator('.side [data-row]').first();
  const before = await row.boundingBox();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Appearance', exact: true })).toBeVisible();
  await page.getByRole('link', { name: /^Sessions/ }).click();
  expect(await row.boundingBox()).toEqual(before);
});

test('the server restarts under the page', async ({ page }) => {
  await openDemo(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^Health/ }).click();
  await page.getByRole('button', { name: 'Restart server' }).click();
  await expect(page.getByText('The server has restarted.').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.foot')).toContainText('Connected');
});

function rule(id: string, text: string, session: string) {
  const command = text.startsWith('run');
  return {
    id,
    kind: command ? 'command' : 'host',
    pattern: '',
    workspace: command ? '/home/me/x' : '',
    session,
    text,
    created_at: '2026-01-01T10:00:00.000Z',
  };
}

/** Answers as an Ollama with one model; null where its port is in use. */
function fakeOllama(): Promise<Server | null> {
  const server = createServer((req, res) => {
    res.setHeader('Content-Type', 'application/json');
    if (req.url === '/api/tags')
      res.end(JSON.stringify({ models: [{ name: 'tiny:latest', model: 'tiny:latest', digest: 'abc123' }] }));
    else if (req.url === '/api/version') res.end(JSON.stringify({ version: '0.9.0' }));
    else if (req.url === '/v1/models')
      res.end(JSON.stringify({ object: 'list', data: [{ id: 'tiny:latest', object: 'model' }] }));
    else if (req.url === '/') res.end('Ollama is running');
    else res.writeHead(404).end('{}');
  });
  return new Promise((done) => {
    server.once('error', () => done(null));
    server.listen(11434, '127.0.0.1', () => done(server));
  });
}

async function stubFound(page: Page): Promise<void> {
  const item = { id: 'ollama', name: 'Ollama', kind: 'openai', base_url: nobody, models: 1, connected: false };
  await page.route('**/api/providers/found', (r) => r.fulfill({ json: { items: [item] } }));
}

test('what an agent misses is said in the language of the page', async ({ browser, program }) => {
  const page = await (await browser.newContext({ locale: 'de-DE' })).newPage();
  await page.goto(`${program.url}/settings/agents`);
  await expect(page.getByText(/^Kein Anbieter von Modellen ist verbunden\./)).toBeVisible();
  await page.context().close();
});
