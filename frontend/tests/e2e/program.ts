import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';

const binary = resolve(process.env.HERMES_WEBUI_BIN ?? '../build/out/hermes-webui');

/** A running program with a home and a state of its own. */
export interface Program {
  readonly url: string;
  readonly home: string;
  /** The folder that new sessions work in. */
  readonly workspace: string;
  /** Ends it at once: it can put nothing in order any more. */
  kill(): Promise<void>;
  /** Starts it again at the same address, with the same state. */
  restart(): Promise<void>;
  /** What it has said in its log. */
  log(): string;
}

interface Fixtures {
  program: Program;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern
  program: async ({}, use) => {
    const { program, stop } = await launch();
    await use(program);
    await stop();
  },
  baseURL: async ({ program }, use) => use(program.url),
});

export { expect };

/** Starts a program, with `more` in its environment; `stop` ends it and takes away what it stored. */
export async function launch(
  more: (home: string) => NodeJS.ProcessEnv = () => ({}),
): Promise<{ program: Program; stop: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'hermes-e2e-'));
  const workspace = join(home, 'workspace');
  await mkdir(workspace);
  await writeFile(join(workspace, 'notes.md'), '# Notes\n');
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = more(home);
  const lines: string[] = [];
  let child = await start(url, home, workspace, env, lines);
  const program = {
    url,
    home,
    workspace,
    kill: () => end(child, 'SIGKILL'),
    restart: async () => {
      child = await start(url, home, workspace, env, lines);
    },
    log: () => lines.join(''),
  };
  const stop = async () => {
    await end(child, 'SIGTERM');
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  return { program, stop };
}

async function start(
  url: string,
  home: string,
  workspace: string,
  more: NodeJS.ProcessEnv,
  lines: string[],
): Promise<ChildProcess> {
  const child = spawn(binary, ['--serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      HERMES_WEBUI_STATE_DIR: join(home, 'state'),
      HERMES_WEBUI_PORT: new URL(url).port,
      HERMES_WEBUI_DEFAULT_WORKSPACE: workspace,
      ...more,
    },
  });
  for (const out of [child.stdout, child.stderr]) out?.on('data', (piece: Buffer) => lines.push(piece.toString()));
  await healthy(url, child);
  return child;
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
        return fetch(`${url}/health`).then(
          (r) => r.ok,
          () => false,
        );
      },
      { timeout: 20_000, intervals: [50] },
    )
    .toBe(true);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await exited;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

/** From the first run to an empty session with the demo agent; returns its path. */
export async function openDemo(page: Page, at = '/'): Promise<string> {
  await page.goto(at);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await expect(page).toHaveURL(/\/s\/ses_/);
  await expect(composer(page)).toBeVisible();
  return new URL(page.url()).pathname;
}

export function composer(page: Page) {
  return page.locator('[data-composer]');
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  // On a phone Enter is a new line.
  if ((page.viewportSize()?.width ?? 0) > 760) await composer(page).press('Enter');
  else await page.getByRole('button', { name: /^send/i }).click();
}

export function transcript(page: Page) {
  return page.getByRole('log');
}
