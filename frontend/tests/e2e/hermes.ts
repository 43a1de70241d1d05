import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from '@playwright/test';
import { Model } from './model';
import { launch, type Program } from './program';

/** The Python that has the real agent; `go run ./build agent` installs it. */
const python =
  process.env.HERMES_WEBUI_TEST_AGENT ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hermes-webui-agent', '0.19.0', 'bin', 'python');

interface Fixtures {
  model: Model;
  program: Program;
}

/** A program with the real Hermes Agent, which asks a scripted model. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern
  model: async ({}, use) => {
    const model = await Model.start();
    await use(model);
    await model.stop();
  },
  program: async ({ model }, use) => {
    const { program, stop } = await launch((home) => {
      furnish(join(home, '.hermes'), model.url);
      mkdirSync(join(home, 'bin')); // before all others in PATH: for a sudo that asks
      return {
        PATH: `${join(home, 'bin')}:${process.env.PATH ?? ''}`,
        HERMES_WEBUI_PYTHON: python,
        HERMES_HOME: join(home, '.hermes'),
        NO_PROXY: '127.0.0.1',
      };
    });
    await use(program);
    await stop();
  },
  baseURL: async ({ program }, use) => use(program.url),
});

/** A home of the agent that contacts nobody but the model. */
export function furnish(home: string, url: string): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'config.yaml'),
    `model: {default: scripted, provider: custom, base_url: "${url}", api_key: sk-fake-local-key, context_length: 128000}
approvals: {mode: manual, timeout: 60}
model_catalog: {enabled: false}
security: {tirith_enabled: false, allow_lazy_installs: false}
display: {show_reasoning: true, tool_progress: all}
`,
  );
}

/** Has the agent answer prompts in a session of its own, in another process than the program's. */
export async function elsewhere(home: string, source: string, prompts: readonly string[]): Promise<void> {
  const child = spawn(python, ['-m', 'tui_gateway.entry'], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, HERMES_HOME: home, PYTHONUNBUFFERED: '1', NO_PROXY: '127.0.0.1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let id = 0;
  /** Sends a call, and reads until a frame fits. */
  const until = async (fits: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const next = await lines.next();
      if (next.done) throw new Error('the agent has ended');
      const frame = JSON.parse(next.value) as Frame;
      if (fits(frame)) return frame;
    }
  };
  const call = (method: string, params: object): Promise<Frame> => {
    id++;
    const mine = id;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: mine, method, params })}\n`);
    return until((f) => f.id === mine);
  };
  const made = await call('session.create', { source, cwd: home, cols: 80 });
  const session = made.result?.session_id;
  for (const text of prompts) {
    await call('prompt.submit', { session_id: session, text });
    await until((f) => f.params?.type === 'message.complete');
    await until((f) => f.params?.type === 'session.info' && f.params.payload?.running === false);
  }
  const exited = new Promise((done) => child.once('exit', done));
  child.stdin.end();
  await exited;
}

interface Frame {
  id?: number;
  result?: { session_id?: string };
  params?: { type?: string; payload?: { running?: boolean; usage?: unknown } };
}
