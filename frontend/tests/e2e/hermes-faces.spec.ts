import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test } from './hermes';
import { look } from './look';
import { byWord, call, promptOf } from './model';
import { composer, type Program, send, transcript } from './program';

const card = (page: Page) => page.locator('.askc');
const password = 'open-sesame-4711';
const token = 'tok-9a8b7c6d5e4f3a2b1c';

async function open(page: Page, program: Program): Promise<void> {
  await page.goto(program.url);
  await page
    .getByRole('button', { name: /^New session/ })
    .first()
    .click();
  await expect(composer(page)).toBeVisible();
}

/** What the program has stored, and said in its log. */
async function kept(program: Program): Promise<string> {
  const dir = join(program.home, 'state');
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = names.filter((x) => x.isFile()).map((x) => readFile(join(x.parentPath, x.name), 'latin1'));
  return [program.log(), ...(await Promise.all(files))].join('\n');
}

test('a password for sudo and a secret reach the agent and nobody else', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  const skill = join(program.home, '.hermes', 'skills', 'weather');
  await mkdir(skill, { recursive: true });
  await writeFile(
    join(skill, 'SKILL.md'),
    `---
name: weather
description: Says what the weather is.
required_environment_variables:
  - name: WEATHER_TOKEN
    prompt: Your token for weather.test
    help: It is shown at weather.test/account.
---
Ask the weather service.
`,
  );
  const sudo = join(program.home, 'bin', 'sudo');
  await writeFile(sudo, '#!/bin/sh\n[ "$1" = -n ] && exit 1\nread -r given\n[ -n "$given" ] && echo "let in"\n');
  await chmod(sudo, 0o755);
  await writeFile(join(program.home, '.bash_profile'), `PATH=${join(program.home, 'bin')}:$PATH\n`); // the agent's commands run in a login shell
  model.script = byWord({
    install: [{ calls: [call('terminal', { command: 'sudo apt-get install cowsay' })] }, { text: 'It is **installed**.' }],
    weather: [{ calls: [call('skill_view', { name: 'weather' })] }, { text: 'It is sunny.' }],
  });
  await open(page, program);
  await send(page, 'Please install it');
  await expect(card(page)).toContainText('password for sudo', { timeout: 60_000 });
  await look(page, 'sudo');
  const field = card(page).getByLabel('Password');
  await expect(field).toHaveAttribute('type', 'password');
  await field.fill(password);
  await card(page).getByRole('button', { name: 'Answer' }).click();
  await expect(transcript(page)).toContainText('It is installed.', { timeout: 30_000 });
  await expect(transcript(page)).toContainText('sudo apt-get install cowsay');
  await transcript(page).locator('.lr summary, summary.lr').first().click();
  await expect(transcript(page)).toContainText('let in');
  await look(page, 'sudo-done');

  await send(page, 'How is the weather?');
  await expect(card(page)).toContainText('weather.test', { timeout: 30_000 });
  await look(page, 'secret');
  await card(page).locator('input').fill(token);
  await card(page).getByRole('button', { name: 'Answer' }).click();
  await expect(transcript(page)).toContainText('It is sunny.', { timeout: 30_000 });
  await look(page, 'secret-done');

  const all = await kept(program);
  expect(all).toContain('cowsay');
  for (const value of [password, token]) {
    expect(all).not.toContain(value);
    expect(await page.content()).not.toContain(value);
  }
});

test('a question with choices and a deadline, and several approvals at once', async ({ page, program, model }) => {
  test.setTimeout(180_000);
  model.script = byWord({
    colour: [
      { calls: [call('clarify', { question: 'Which colour shall the fence have?', choices: ['Green', 'White', 'None'] })] },
      { text: 'White it is.' },
    ],
    remove: [
      {
        calls: [
          call('terminal', { command: 'rm -rf /tmp/hermes-nothing-one' }),
          call('terminal', { command: 'rm -rf /tmp/hermes-nothing-two' }),
        ],
      },
      { text: 'Both are gone.' },
    ],
    own: [{ calls: [call('clarify', { question: 'What shall it be called?' })] }, { text: 'So be it.' }],
  });
  await open(page, program);
  await send(page, 'Ask about the colour');
  await expect(card(page)).toContainText('Which colour shall the fence have?', { timeout: 60_000 });
  await look(page, 'clarify');
  await card(page).getByText('White').click();
  await expect(transcript(page)).toContainText('White it is.', { timeout: 30_000 });
  await look(page, 'clarify-done');
  await send(page, 'Ask for my own words');
  await expect(card(page)).toContainText('What shall it be called?', { timeout: 30_000 });
  await look(page, 'clarify-own');
  await card(page).getByRole('textbox').fill('Rosebud');
  await card(page)
    .getByRole('button', { name: /^Answer/ })
    .click();
  await expect(transcript(page)).toContainText('So be it.', { timeout: 30_000 });

  await send(page, 'Now remove both');
  await expect(card(page).first()).toContainText('rm -rf /tmp/hermes-nothing-', { timeout: 30_000 });
  await look(page, 'approvals');
  for (let i = 0; i < 2; i++) {
    await page.getByRole('button', { name: /^Allow once/ }).click();
    await look(page, `approvals-${i}`);
  }
  await expect(transcript(page)).toContainText('Both are gone.', { timeout: 30_000 });
  await look(page, 'approvals-done');
});

test('a plan, a helper, work in the background, a title, usage, and a shortened context', async ({ page, program, model }) => {
  test.setTimeout(240_000);
  model.models = [{ id: 'scripted', context_length: 128_000 }]; // what shortens wants at least 64,000
  const todo = (a: string, b: string) =>
    call('todo', {
      todos: [
        { id: '1', content: 'Read the notes', status: a },
        { id: '2', content: 'Write the summary', status: b },
      ],
    });
  model.script = byWord({
    'ASYNC ': [{ text: 'The helper came back: one heading.' }],
    'Read the old notes': [{ calls: [call('read_file', { path: 'notes.md' })] }, { text: 'The notes have one heading.' }],
    IMPORTANT: [{ text: 'The server is up.' }],
    plan: [
      { thought: 'A plan first.', calls: [todo('in_progress', 'pending')] },
      { calls: [call('read_file', { path: 'notes.md' }), call('search_files', { pattern: 'Notes', path: '.' })] },
      {
        calls: [
          call('write_file', { path: 'summary.md', content: '# Summary\n\nOne heading.\n' }),
          todo('completed', 'in_progress'),
        ],
      },
      {
        calls: [
          call('memory', { action: 'add', target: 'memory', content: 'Summaries go to summary.md' }),
          todo('completed', 'completed'),
        ],
      },
      { text: 'The summary is in `summary.md`.' },
    ],
    helper: [
      { calls: [call('delegate_task', { goal: 'Read the old notes', context: 'They lie in notes.md' })] },
      { text: 'A helper is at it.' },
    ],
    server: [
      { calls: [call('terminal', { command: 'sleep 3; echo it is up', background: true, notify_on_complete: true })] },
      { text: 'It starts.' },
    ],
  });
  await open(page, program);
  await send(page, 'Make a plan and work on it');
  await expect(transcript(page)).toContainText('The summary is in summary.md.', { timeout: 60_000 });
  await expect(page.getByRole('link', { name: /A name for it/ })).toBeVisible({ timeout: 30_000 });
  await look(page, 'plan');
  for (const summary of await transcript(page).locator('summary').all()) await summary.click();
  await look(page, 'plan-open');

  await send(page, 'Give it to a helper');
  await expect(transcript(page)).toContainText('The helper came back', { timeout: 60_000 });
  await look(page, 'helper');
  await send(page, 'Start the server');
  await expect(transcript(page)).toContainText('The server is up.', { timeout: 60_000 });
  await look(page, 'background');
  await composer(page).fill('/compress the notes');
  await composer(page).press('Enter');
  await expect(transcript(page)).toContainText(/Compressed: \d+ → \d+ messages/, { timeout: 60_000 });
  await expect(transcript(page)).toContainText('You shortened the context');
  await transcript(page).getByText('What the model was told').click();
  await expect(transcript(page)).toContainText('Historical Task');
  await look(page, 'compress');
  const meter = page.getByRole('button', { name: /^Context: / }).first();
  await meter.click();
  await look(page, 'meter');
  expect(model.asked.some((x) => promptOf(x) !== '')).toBe(true);
});
