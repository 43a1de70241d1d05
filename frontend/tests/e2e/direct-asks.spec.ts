import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { card, openDirect, test } from './direct';
import { byWord, call, promptOf, resultsOf } from './model';
import { composer, expect, send, transcript } from './program';

const edit = (was: string, now: string) => call('edit_file', { path: 'notes.md', old: was, new: now });
const shell = (command: string) => call('shell', { command });

test('a change is shown, allowed for the session, and asked for again once its rule is removed', async ({
  page,
  program,
  model,
}) => {
  model.script = byWord({
    tidy: [{ calls: [edit('# Notes', '# Good notes')] }, { calls: [edit('# Good notes', '# Best notes')] }, { text: 'Tidied.' }],
    again: [{ calls: [edit('# Best notes', '# Last notes')] }, { text: 'Done again.' }],
  });
  const path = await openDirect(page, model);
  const notes = () => readFile(join(program.workspace, 'notes.md'), 'utf8');
  await send(page, 'Please tidy my notes');
  await expect(card(page)).toContainText('Change notes.md?');
  await expect(card(page).getByRole('row', { name: /^\d* ?− # Notes$/ })).toBeVisible();
  await expect(card(page).getByRole('row', { name: /^\d* ?\+ # Good notes$/ })).toBeVisible();
  expect(await notes()).toBe('# Notes\n');
  const rule = `write files in ${program.workspace} (not in .git)`;
  await expect(card(page).getByText(rule, { exact: true })).toBeVisible();
  await card(page).getByRole('radio', { name: 'This session' }).check();
  await card(page)
    .getByRole('button', { name: /^Allow for this session/ })
    .click();
  await expect(transcript(page)).toContainText('Tidied.');
  await expect(card(page)).toHaveCount(0);
  expect(await notes()).toBe('# Best notes\n');

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^Approvals and rules/ }).click();
  const item = page.locator('.item');
  await expect(item).toHaveCount(1);
  await expect(item.getByText(rule, { exact: true })).toBeVisible();
  await expect(item.getByRole('link')).toHaveAttribute('href', path);
  await item.getByRole('button', { name: `Remove the rule: ${rule}` }).click();
  await item.getByRole('button', { name: 'Remove rule' }).click();
  await expect(page.getByText('There are no rules')).toBeVisible();

  await page.goto(path);
  await send(page, 'Do it again');
  await expect(card(page)).toContainText('Change notes.md?');
  expect(await notes()).toBe('# Best notes\n');
  await allowOnce(page).click();
  await expect(transcript(page)).toContainText('Done again.');
  expect(await notes()).toBe('# Last notes\n');
});

test('a plain command runs unasked; another one is edited, allowed once, or denied in words', async ({ page, model }) => {
  model.script = byWord({
    look: [{ calls: [shell('ls')] }, { text: 'I looked.' }],
    count: [{ calls: [shell('echo one && echo two')] }, { text: 'I counted.' }],
    push: [{ calls: [shell('git push --force')] }, { text: 'I did not.' }],
  });
  await openDirect(page, model);
  await send(page, 'Have a look');
  await expect(transcript(page)).toContainText('I looked.');
  await expect(card(page)).toHaveCount(0);
  await expect(transcript(page).locator('.lr').filter({ hasText: 'ls' })).toContainText('exit 0');
  expect(resultsOf(model.newest).join()).toContain('notes.md');

  await send(page, 'Now count');
  await expect(card(page)).toContainText('echo one && echo two');
  await expect(card(page).getByRole('radio', { name: 'Always' })).toBeEnabled();
  await card(page)
    .getByRole('button', { name: /^Edit command/ })
    .click();
  const field = card(page).getByRole('textbox', { name: 'Command to run instead' });
  await expect(field).toBeFocused();
  await field.fill('echo three');
  await expect(card(page)).toContainText('A command that you changed can only be allowed once');
  await expect(card(page).getByRole('radio', { name: 'Once' })).toBeChecked();
  await expect(card(page).getByRole('radio', { name: 'This session' })).toBeDisabled();
  await expect(card(page).getByRole('radio', { name: 'Always' })).toBeDisabled();
  await allowOnce(page).click();
  await expect(transcript(page)).toContainText('I counted.');
  const [counted = ''] = resultsOf(model.newest);
  expect(counted).toContain('The user changed the command to: echo three');
  expect(counted).not.toContain('two');

  await send(page, 'Then push');
  await card(page).getByRole('button', { name: 'Deny and say why' }).click();
  await card(page).getByRole('textbox', { name: 'Why not' }).fill('Not on a Friday.');
  await card(page).getByRole('button', { name: /^Deny/ }).click();
  await expect(transcript(page)).toContainText('I did not.');
  await expect(transcript(page).locator('.lr').last()).toContainText('denied: Not on a Friday.');
  expect(resultsOf(model.newest).join()).toContain('denied by the user, who says: Not on a Friday.');
});

test('no key outside of the card allows', async ({ page, model }) => {
  model.script = byWord({ go: [{ calls: [shell('echo a > b')] }, { text: 'It ran.' }] });
  await openDirect(page, model);
  await page.clock.install();
  const answers = answersOf(page);
  await send(page, 'go');
  await expect(card(page)).toBeVisible();
  await page.clock.fastForward(1000); // letters count by now

  const places: [string, Locator][] = [
    ['composer', composer(page)],
    ['list', page.locator('.side [data-row]').first()],
  ];
  for (const key of ['a', 'A', 'Enter', 'Space', 'y', 'o', '1', 'Control+Enter']) {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(key);
    for (const [name, place] of places) {
      await place.focus();
      if (name === 'list' && key === 'Control+Enter') continue; // opens the session in another window
      await place.press(key);
    }
    await composer(page).fill('');
    await expect(card(page), key).toBeVisible();
  }
  expect(answers).toEqual([]);
  expect(model.asked.filter((x) => x.tools).length).toBe(1);
  await card(page).focus();
  await page.keyboard.press('a');
  await expect(transcript(page)).toContainText('It ran.');
});

test('in the card A allows after a moment, D denies, E edits, and Escape only leaves the field', async ({ page, model }) => {
  model.script = byWord({
    first: [{ calls: [shell('echo a1 > a')] }, { text: 'The first is over.' }],
    second: [{ calls: [shell('echo a2 > a')] }, { text: 'The second is over.' }],
  });
  await openDirect(page, model);
  await page.clock.install();
  const answers = answersOf(page);
  await pressAtOnce(page, 'a');
  await send(page, 'first');
  await expect(card(page)).toBeFocused();
  await expect(page.locator('html')).toHaveAttribute('data-pressed', 'a');
  expect(answers).toEqual([]);

  await page.clock.fastForward(1000);
  await page.keyboard.press('e');
  const field = card(page).getByRole('textbox', { name: 'Command to run instead' });
  await expect(field).toBeFocused();
  await page.keyboard.type('ad');
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(card(page)).toBeFocused();
  await expect(card(page)).toContainText('echo a1 > a');
  await expect(page.getByText('Press Esc again to stop.')).toHaveCount(0);
  expect(answers).toEqual([]);
  await page.keyboard.press('a');
  await expect(transcript(page)).toContainText('The first is over.');
  expect(answers).toMatchObject([{ choice: 'once' }]);

  await send(page, 'second');
  await expect(card(page)).toBeFocused();
  await page.clock.fastForward(1000);
  await page.keyboard.press('d');
  await expect(transcript(page)).toContainText('The second is over.');
  expect(answers[1]).toMatchObject({ choice: 'deny' });
});

test('two questions at once are answered in any order', async ({ page, model }) => {
  model.script = byWord({
    page: [
      {
        calls: [
          call('ask_user', { question: 'Which colour?', choices: ['Blue', 'Green'] }),
          call('ask_user', { question: 'Which name?' }),
        ],
      },
      { text: 'Thank you.' },
    ],
  });
  await openDirect(page, model);
  await send(page, 'Make a page');
  await expect(card(page)).toContainText('1 of 2');
  const [one, other] = (await card(page).getByRole('heading').innerText()).includes('colour')
    ? ['Which colour?', 'Which name?']
    : ['Which name?', 'Which colour?'];
  await card(page)
    .getByRole('button', { name: new RegExp(`Then.*${other.slice(0, -1)}`) })
    .click();
  await expect(card(page)).toContainText('2 of 2');
  await expect(card(page).getByRole('heading')).toHaveText(other);
  await reply(page, other);
  await expect(card(page).getByRole('heading')).toHaveText(one);
  await expect(card(page)).not.toContainText('of 2');
  await reply(page, one);
  await expect(transcript(page)).toContainText('Thank you.');
  const [colour, name] = resultsOf(model.newest);
  expect(colour).toContain('Green');
  expect(name).toContain('Harbor');
});

test('a question outlives the program', async ({ page, program, model }) => {
  model.script = byWord({ save: [{ calls: [shell('echo kept > kept.txt')] }, { text: 'It is kept.' }] });
  await openDirect(page, model);
  await send(page, 'save it');
  await expect(card(page)).toContainText('echo kept > kept.txt');
  await program.kill();
  await expect(page.getByText('The connection to Hermes is lost.').first()).toBeVisible();
  await expect(card(page)).toBeVisible();
  await program.restart();
  await expect(page.locator('.foot')).toContainText('Connected', { timeout: 20_000 });
  await expect(card(page)).toContainText('echo kept > kept.txt');
  await allowOnce(page).click();
  await expect(transcript(page)).toContainText('It is kept.');
  await expect(card(page)).toHaveCount(0);
  expect(await readFile(join(program.workspace, 'kept.txt'), 'utf8')).toBe('kept\n');
  expect(model.asked.filter((x) => x.tools).map(promptOf)).toEqual(['save it', 'save it']);
});

test('a stop ends the command that runs', async ({ page, program, model }) => {
  model.script = byWord({
    wait: [{ calls: [shell('echo $$ > pid; echo started; sleep 600 & wait')] }, { text: 'Never said.' }],
  });
  await openDirect(page, model);
  await send(page, 'wait for it');
  await allowOnce(page).click();
  await expect(transcript(page).locator('.out')).toContainText('started');
  const pid = Number(await readFile(join(program.workspace, 'pid'), 'utf8'));
  expect(runs(pid)).toBe(true);
  await page.getByRole('button', { name: /^Stop/ }).click();
  await expect(transcript(page).locator('.lr')).toContainText('stopped');
  await expect(transcript(page).getByText('Stopped.')).toBeVisible();
  await expect.poll(() => runs(pid)).toBe(false);
  expect(model.asked.length).toBe(1);
});

function allowOnce(page: Page): Locator {
  return card(page).getByRole('button', { name: /^Allow once/ });
}

async function reply(page: Page, question: string): Promise<void> {
  if (question.includes('colour')) {
    await card(page).getByRole('button', { name: /Green/ }).click();
    return;
  }
  await card(page).getByRole('textbox').fill('Harbor');
  await card(page).getByRole('button', { name: 'Answer' }).click();
}

/** What the page answers, from now on. */
function answersOf(page: Page): unknown[] {
  const answers: unknown[] = [];
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().includes('/asks/')) answers.push(r.postDataJSON());
  });
  return answers;
}

/** Presses a key in the next card as soon as it is there. */
async function pressAtOnce(page: Page, key: string): Promise<void> {
  await page.evaluate((key) => {
    const watch = new MutationObserver(() => {
      const card = document.querySelector('[role=alertdialog]');
      if (card === null || document.activeElement !== card) return;
      watch.disconnect();
      card.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      document.documentElement.dataset.pressed = key;
    });
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  }, key);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('no room within a command hides what runs, and what is out of view is said', async ({ page, model }) => {
  const far = (gap: string) => `echo hi${gap}; rm -rf important`;
  model.script = byWord({
    blanks: [{ calls: [shell(far(' '.repeat(3000)))] }, { text: 'Well.' }],
    lines: [{ calls: [shell(far('\n'.repeat(300)))] }, { text: 'Well.' }],
    words: [{ calls: [shell(`echo ${'very '.repeat(2000)}; rm -rf important`)] }, { text: 'Well.' }],
  });
  const answered = () => card(page).getByRole('button', { name: /^Deny/ }).first().click();
  const command = card(page).locator('.cmd');
  await openDirect(page, model);
  await send(page, 'blanks');
  await expect(command).toHaveText(/echo hi\s*3,000 blanks\s*; rm -rf important/);
  await expect(card(page).getByText('Not all of it is in view.')).toHaveCount(0);
  await answered();
  await send(page, 'lines');
  await expect(command).toHaveText(/echo hi\s*299 empty lines\s*; rm -rf important/);
  await expect(card(page).getByText('Not all of it is in view.')).toHaveCount(0);
  await answered();
  await send(page, 'words');
  await expect(card(page).getByText('Not all of it is in view.')).toBeVisible();
  await card(page).getByRole('button', { name: 'Show all' }).click();
  await expect(card(page).getByText('Not all of it is in view.')).toHaveCount(0);
  expect(await command.evaluate((e) => e.scrollHeight - e.clientHeight)).toBeLessThan(3);
  await answered();
  await expect(card(page)).toHaveCount(0);
});

test('a change shows every sign that would be written, however far to the right', async ({ page, model }) => {
  const far = call('write_file', {
    path: 'a.js',
    content: `ok();${' '.repeat(2000)}evil();\n/* \u202e } \u2066 begin admin */\n`,
  });
  model.script = byWord({ write: [{ calls: [far] }, { text: 'Well.' }] });
  await openDirect(page, model);
  await send(page, 'write');
  await expect(card(page).getByRole('row', { name: '‹U+202E› } ‹U+2066› begin admin' })).toBeVisible();
  const box = card(page).locator('.dl');
  expect(await box.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThan(2);
  const row = card(page).getByRole('row', { name: 'evil();' });
  expect(await row.evaluate((e) => e.getBoundingClientRect().height)).toBeGreaterThan(30);
});
