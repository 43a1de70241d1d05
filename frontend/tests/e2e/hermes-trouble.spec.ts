import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { furnish, test } from './hermes';
import { look } from './look';
import { byWord, call } from './model';
import { composer, launch, type Program, send, transcript } from './program';

const failure = (page: Page) => transcript(page).locator('.fail').last();

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();
}

/** Opens the list of places at which the agent was looked for. */
async function tried(page: Page): Promise<void> {
  await page.locator('details > summary').first().click({ timeout: 20_000 });
}

/** The process of the agent that belongs to a program. */
function agentOf(program: Program): number {
  const root = join(program.home, '.hermes');
  for (const name of readdirSync('/proc').filter((x) => /^\d+$/.test(x))) {
    try {
      const argv = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      const env = readFileSync(`/proc/${name}/environ`, 'latin1');
      if (argv.includes('tui_gateway.entry') && env.includes(`HERMES_HOME=${root}`)) return Number(name);
    } catch {
      // it has ended meanwhile, or is somebody else's
    }
  }
  throw new Error('the agent does not run');
}

base('no agent: the page says so, gives the command that installs it, and offers the direct agent', async ({ page }) => {
  const { program, stop } = await launch(() => ({ PATH: '/nowhere' }));
  try {
    await page.goto(program.url);
    await expect(page.getByText('Hermes Agent was not found here. The built-in agent answers until it is.')).toBeVisible();
    await look(page, 'missing');
    await page.goto(`${program.url}/settings/agents`);
    await expect(page.getByText(/install\.sh/).first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('button', { name: /^Copy/ }).first()).toBeVisible();
    await tried(page);
    await expect(page.getByText('There is no command hermes on PATH.')).toBeVisible();
    await look(page, 'missing-settings');
  } finally {
    await stop();
  }
});

base('a broken environment: what was tried is said with why it failed', async ({ page }) => {
  const { program, stop } = await launch((home) => {
    const python = join(home, 'python');
    writeFileSync(python, '#!/bin/sh\necho "ModuleNotFoundError: No module named encodings" >&2\nexit 1\n', { mode: 0o755 });
    return { PATH: '/nowhere', HERMES_WEBUI_PYTHON: python };
  });
  try {
    await page.goto(`${program.url}/settings/agents`);
    await tried(page);
    await expect(page.getByText(/fails: ModuleNotFoundError: No module named encodings/)).toBeVisible({ timeout: 20_000 });
    await look(page, 'broken');
  } finally {
    await stop();
  }
});

test('a config.yaml that is no YAML', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  model.script = byWord({ hello: [{ text: 'Hello to you.' }] });
  writeFileSync(join(program.home, '.hermes', 'config.yaml'), 'model: {default: scripted, provider: [custom\n  oops: : :\n');
  await open(page, program.url);
  await send(page, 'hello');
  await expect(failure(page)).toBeVisible({ timeout: 90_000 });
  await look(page, 'config');
  await expect(failure(page)).toContainText('config.yaml');
  furnish(join(program.home, '.hermes'), model.url);
  await failure(page).getByRole('button', { name: /again/ }).click();
  await expect(transcript(page)).toContainText('Hello to you.', { timeout: 60_000 });
  await look(page, 'config-mended');
});

test('a provider that refuses the key, or fails', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  let status = 401;
  const broken = createServer((req, res) => {
    const words = status === 401 ? 'Incorrect API key provided.' : 'The server had an error.';
    res.writeHead(req.url?.endsWith('/models') ? 200 : status, { 'content-type': 'application/json' });
    res.end(
      JSON.stringify(
        req.url?.endsWith('/models') ? { object: 'list', data: [{ id: 'scripted' }] } : { error: { message: words } },
      ),
    );
  });
  await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
  const address = broken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    furnish(join(program.home, '.hermes'), `http://127.0.0.1:${port}/v1`);
    await open(page, program.url);
    await send(page, 'hello');
    await expect(failure(page)).toContainText('The provider refused the key', { timeout: 90_000 });
    await look(page, 'provider-401');
    status = 500;
    await failure(page).getByRole('button', { name: /again/ }).click();
    await expect(failure(page)).toContainText('The server had an error', { timeout: 90_000 });
    await look(page, 'provider-500');
    expect(model.asked).toEqual([]);
  } finally {
    broken.closeAllConnections();
    broken.close();
  }
});

test('the agent is killed in mid-turn: what came is kept, and the prompt can be sent again', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  let dies = true;
  model.script = (asked, round) =>
    byWord({
      story: [
        { calls: [call('terminal', { command: 'echo before' })] },
        dies ? { text: 'Once upon a time. '.repeat(300), gap: 30 } : { text: 'The end of the story.' },
      ],
    })(asked, round);
  await open(page, program.url);
  await send(page, 'Tell a story');
  await expect(transcript(page)).toContainText('Once upon a time. Once upon a time.', { timeout: 60_000 });
  const pid = agentOf(program);
  process.kill(pid, 'SIGKILL');
  dies = false;
  await expect(failure(page)).toContainText('broke off', { timeout: 30_000 });
  await expect(transcript(page)).toContainText('Once upon a time. Once upon a time.');
  await expect(transcript(page)).toContainText('echo before');
  await look(page, 'killed');
  await page.reload();
  await expect(failure(page)).toContainText('broke off');
  await failure(page).getByRole('button', { name: /again/ }).click();
  await expect(transcript(page)).toContainText('The end of the story.', { timeout: 60_000 });
  await expect(failure(page)).toHaveCount(0);
  await look(page, 'killed-again');
  expect(agentOf(program)).not.toBe(pid);
});

base('an agent that never becomes ready', async ({ page }) => {
  base.setTimeout(200_000);
  const { program, stop } = await launch((home) => {
    const python = join(home, 'python');
    writeFileSync(python, '#!/bin/sh\n[ "$1" = -c ] && { echo 0.19.0; exit 0; }\nexec sleep 600\n', { mode: 0o755 });
    return { HERMES_WEBUI_PYTHON: python, HERMES_HOME: join(home, '.hermes') };
  });
  try {
    await open(page, program.url);
    await send(page, 'hello');
    await look(page, 'starting');
    await expect(failure(page)).toContainText('did not become ready: it took longer than 60 s', { timeout: 150_000 });
    await look(page, 'never-ready');
  } finally {
    await stop();
  }
});
