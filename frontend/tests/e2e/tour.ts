import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { answer } from './answer';
import { card, connect, gate, openSession } from './direct';
import { byWord, call, type Model } from './model';
import { composer, type Program, send, transcript } from './program';
import { otherwise, within } from './tour-more';

/** What is done at each stop: a picture is taken, or barriers are looked for. */
export type See = (name: string) => Promise<void>;

export interface Tour {
  page: Page;
  program: Program;
  model: Model;
  see: See;
  phone: boolean;
}

const shell = (command: string, why = '') => call('shell', { command, why });
const item = (text: string, state: string) => ({ text, state });
const plan = (done: number) =>
  call('plan', {
    items: ['Reproduce with the October log', 'Find where the next run is computed', 'Fix without touching the format'].map(
      (text, i) => item(text, i < done ? 'done' : i === done ? 'active' : 'pending'),
    ),
  });

const before = `// Next returns the first instant after t at which s fires.
func (s Schedule) Next(t time.Time) time.Time {
	u := t.In(s.zone).Truncate(time.Minute).Add(time.Minute)
	for !s.match(u) {
		u = u.Add(time.Minute)
	}
	return u
}
`;
const found =
  'The schedule is stored correctly. The fault is in how the next run is computed: `Next` walks forward in *local* wall-clock time, and on the night the clocks go back 02:30 exists twice.';
const told = `## What changes, and what does not

| Night | Zone | Before | Runs |
|:--|:--|:--|--:|
| 25 Oct 2026 | Europe/Berlin | 02:30, 02:30 | 1 |
| 1 Nov 2026 | America/New_York | 01:15, 01:15 | 1 |

1. Only zones with a fold are affected, once a year.
2. Jobs on an interval are safe, they count elapsed time.

\`\`\`go
for !s.match(u) || secondPass(u) {
	u = u.Add(time.Minute)
}
\`\`\`

The stored format is untouched. One thing I left alone: \`harbor jobs list\` still prints the second pass.`;

const long = `A very long title that goes on and on ${'about-everything-'.repeat(6)}and never ends`;
const words = 'The list command reads the run log straight from the database, so it has no notion of a fold. ';

/** Walks through every screen and state of the page, in the order in which a person could meet them. */
export async function tour(t: Tour): Promise<void> {
  await begin(t);
  await work(t);
  await asks(t);
  await stream(t);
  await ends(t);
  await within(t);
  await otherwise(t);
  await tools(t);
  await settings(t);
  await lists(t);
  await losses(t);
}

async function begin({ page, program, model, see }: Tour): Promise<void> {
  await mkdir(join(program.workspace, 'internal'));
  await writeFile(join(program.workspace, 'internal', 'next.go'), before);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
  await see('first-run');
  await page.getByRole('button', { name: 'Connect a model' }).click();
  await see('first-run-connect');
  model.models = [
    { id: 'scripted', name: 'Hermes 4 70B', context_length: 128_000, supported_parameters: ['reasoning'] },
    { id: 'other', name: 'Other', context_length: 8000, pricing: { prompt: '0.000001', completion: '0.000002' } },
  ];
  await connect(page, model);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Start a session' })).toBeVisible();
  await see('first-run-ready');
  await openSession(page);
  await see('session-empty');
  await page.goto('/');
  await expect(page.getByText(/New session/).first()).toBeVisible();
  await see('home');
}

async function work({ page, model, see, phone }: Tour): Promise<void> {
  model.aside = () => ({ text: 'Schedules fire twice when clocks go back' });
  model.script = byWord({
    nightly: [
      { thought: 'Interval jobs go through Every, not Next. Both must be checked.', text: 'I look at it.', calls: [plan(0)] },
      { calls: [call('read_file', { path: 'internal/next.go' }), call('search_files', { pattern: 'Next' }), shell('ls')] },
      { text: found, calls: [plan(2)] },
      {
        calls: [
          call('edit_file', {
            path: 'internal/next.go',
            old: '	for !s.match(u) {',
            new: '	for !s.match(u) || secondPass(u) {',
          }),
        ],
      },
      { calls: [call('read_file', { path: 'internal/last.go' })] },
      { calls: [plan(3)] },
      { text: told },
    ],
    everything: [{ text: answer }],
  });
  await openSession(page);
  await send(page, 'The nightly backup ran twice on Sunday 25 October. Find out why and fix it. Keep the format.');
  await expect(card(page)).toContainText('next.go');
  await expect(card(page).getByRole('table')).toBeVisible();
  await see('ask-change');
  await allow(page);
  await expect(transcript(page)).toContainText('I left alone', { timeout: 20_000 });
  await quiet(page);
  await see('settled');
  for (const row of await transcript(page).locator('.lg > summary').all()) await row.click();
  for (const row of await transcript(page).locator('.lr > summary').all()) await row.click();
  await top(page);
  await see('settled-open');
  const path = new URL(page.url()).pathname;
  await page.goto(`${path}/work`);
  await expect(page.getByRole('heading', { name: 'Changes' })).toBeVisible();
  await see('work');
  await page.goto(path);
  await expect(composer(page)).toBeVisible();
  await send(page, 'Show me everything');
  await expect(transcript(page)).toContainText('That is all of it.', { timeout: 30_000 });
  await quiet(page);
  await expect(transcript(page).locator('.md-math-block math')).toHaveCount(2, { timeout: 20_000 });
  await see('rich');
  if (!phone) {
    await page.emulateMedia({ media: 'print' });
    await see('printed');
    await page.emulateMedia({ media: null });
  }
}

async function asks({ page, model, see, phone }: Tour): Promise<void> {
  const push = 'git push --force-with-lease origin fix/dst-double-fire';
  model.aside = () => ({ text: 'Rotate the deploy keys' });
  model.script = byWord({
    push: [
      { text: 'The branch has one commit. Next is the push.', calls: [shell(push, 'I rebased, so it no longer fast-forwards.')] },
      { text: 'Pushed or not.' },
    ],
    page: [
      {
        calls: [
          call('ask_user', {
            question: 'Which branch should the pull request target?',
            why: 'main is protected and wants a linear history.',
            choices: ['main', 'release/1.4', 'Both, main first'],
          }),
          call('ask_user', { question: 'Which name shall it have?' }),
        ],
      },
      { text: 'Thank you.' },
    ],
  });
  await openSession(page);
  await send(page, 'Now push it');
  await expect(card(page)).toContainText('--force');
  await see('ask-command');
  await card(page).getByRole('radio', { name: 'This session' }).check();
  await card(page).getByRole('button', { name: /^Edit/ }).click();
  await card(page).getByRole('textbox').fill('git push --dry-run');
  await see('ask-command-edited');
  await card(page).getByRole('textbox').press('Escape');
  await card(page).getByRole('button', { name: 'Deny and say why' }).click();
  await see('ask-command-why');
  if (phone) {
    await page.goto('/');
    await expect(page.locator('.prow.ask')).toBeVisible();
    await see('list-needs-you');
    await page.goBack();
    await expect(card(page)).toContainText('--force');
  }
  await card(page).getByRole('button', { name: /^Deny/ }).first().click();
  await expect(transcript(page)).toContainText('Pushed or not.');
  await openSession(page);
  await send(page, 'Make a page');
  await expect(card(page)).toContainText('1 of 2');
  await see('ask-question');
  await card(page).getByRole('button', { name: /Then/ }).click();
  await expect(card(page)).toContainText('2 of 2');
  await see('ask-question-next');
  await card(page).getByRole('button', { name: 'Later' }).click();
  await see('ask-later');
}

async function stream({ page, model, see }: Tour): Promise<void> {
  const held = gate();
  model.aside = () => ({ text: 'Port the photo importer to Go' });
  model.script = byWord({
    grow: [
      { thought: 'A thought.', calls: [plan(1), call('read_file', { path: 'internal/next.go' })] },
      { text: words.repeat(3), calls: [shell('ls')] },
      { text: `${found}\n\n\`\`\`go\n${before}\`\`\`\n\n${`${words}\n\n`.repeat(8)}` },
    ],
    hold: [{ after: held.opened, text: 'At last.' }],
    slow: [{ text: `${words}\n\n`.repeat(40), gap: 15 }],
  });
  await openSession(page);
  await send(page, 'hold on');
  await expect(page.getByRole('button', { name: /^Stop/ })).toBeVisible();
  await see('waiting-for-model');
  await queue(page, 'Also add a line to the changelog, under Fixed.');
  await queue(page, 'And then open a pull request against main, with a title that is much too long for one line of this list');
  await expect(page.locator('.queue')).toHaveCount(2);
  await see('queue');
  held.open();
  await expect(transcript(page)).toContainText('nothing in the script', { timeout: 20_000 });
  await openSession(page);
  await send(page, 'slow please');
  await expect(transcript(page).locator('p')).not.toHaveCount(0);
  await expect
    .poll(() =>
      transcript(page)
        .innerText()
        .then((x) => x.length),
    )
    .toBeGreaterThan(1500);
  await see('streaming');
  await page.evaluate(() => {
    const log = document.querySelector('[role=log]');
    log?.dispatchEvent(new WheelEvent('wheel', { deltaY: -600, bubbles: true }));
    if (log) log.scrollTop = 0;
  });
  await expect(page.getByRole('button', { name: 'Go to the latest answer' })).toBeVisible();
  await see('streaming-scrolled');
  await page.getByRole('button', { name: /^Stop/ }).click();
  await expect(transcript(page).getByText('Stopped.')).toBeVisible();
  await page.getByRole('button', { name: 'Go to the latest answer' }).click();
  await quiet(page);
  await see('stopped');
}

async function ends({ page, program, model, see }: Tour): Promise<void> {
  const held = gate();
  model.aside = () => ({ text: 'Translate the manual to Czech' });
  model.script = byWord({
    break: [{ text: 'The last three open with the effect for the person running Harbor, name the', breaks: true }],
    hold: [{ text: 'The intermediate was missing from the', gap: 40 }, {}],
  });
  await openSession(page);
  await send(page, 'break it');
  await expect(transcript(page).locator('.fail')).toBeVisible({ timeout: 60_000 });
  await quiet(page);
  await see('failed');
  model.script = byWord({ hold: [{ text: 'The intermediate was missing from the bundle, and so '.repeat(400), gap: 25 }] });
  await openSession(page);
  await send(page, 'hold on');
  await expect(transcript(page)).toContainText('The intermediate was');
  await program.kill();
  await expect(page.getByText('The connection to Hermes is lost.').first()).toBeVisible({ timeout: 20_000 });
  await see('connection-lost');
  await program.restart();
  held.open();
  await expect(transcript(page).locator('.fail')).toBeVisible({ timeout: 30_000 });
  await quiet(page);
  await see('interrupted');
}

async function tools({ page, see, phone }: Tour): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  await see('palette');
  await page.keyboard.type('sched');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText(/sched/i);
  await see('palette-found');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('qqqzzz');
  await expect(page.getByRole('dialog').getByRole('option')).toHaveCount(0);
  await see('palette-nothing');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await see('keys');
  await page.keyboard.press('Escape');
  if (phone) {
    await page.getByRole('button', { name: 'Files, model, workspace' }).click();
    await see('composer-sheet');
  }
  await page.getByRole('button', { name: /^Model:/ }).click();
  await expect(page.getByRole('option', { name: /Other/ })).toBeVisible();
  await see('model-picker');
  await page.reload();
  await expect(composer(page)).toBeVisible();
  if (phone) await page.getByRole('button', { name: 'Files, model, workspace' }).click();
  await page.getByRole('button', { name: /^Workspace:/ }).click();
  await expect(page.getByRole('button', { name: 'Use this folder' })).toBeEnabled();
  await see('folder-picker');
  await page.reload();
  await composer(page).fill('/');
  await expect(page.getByRole('option').first()).toBeVisible();
  await see('slash');
  await composer(page).fill('');
  await page.getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await see('session-menu');
  await page.keyboard.press('Escape');
}

async function settings({ page, see }: Tour): Promise<void> {
  for (const section of [
    '',
    '/reading',
    '/writing',
    '/notices',
    '/models',
    '/agents',
    '/permissions',
    '/tools',
    '/advanced',
    '/server',
  ]) {
    await page.goto(`/settings${section}`);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await see(`settings${section.replace('/', '-')}`);
  }
}

async function lists({ page, see, phone }: Tour): Promise<void> {
  const titles = [
    'Release notes, 1.4',
    'Reading list: consensus papers',
    'Draft reply to the landlord',
    'Shrink the container image',
    long,
  ];
  for (let i = 0; i < 30; i++) titles.push(`Explain the trigram tokenizer, part ${i + 1}`);
  for (const title of titles) {
    const made = await page.request.post('/api/sessions', { data: { agent: 'demo', title } });
    if (!title.startsWith('Re')) continue;
    const { session } = (await made.json()) as { session: { id: string } };
    await page.request.patch(`/api/sessions/${session.id}`, { data: { pinned: true } });
  }
  // A list of one day has few groups, so the page is told that most of it is older.
  await page.route(/\/api\/sessions(\?|$)/, async (route) => {
    const got = await route.fetch();
    const body = (await got.json()) as { items: { updated_at: string }[] };
    body.items.forEach((s, i) => {
      const days = i < 4 ? 0 : i < 10 ? 1 : i < 18 ? 4 : i * 3;
      s.updated_at = new Date(Date.parse(s.updated_at) - days * 86_400_000).toISOString();
    });
    await route.fulfill({ response: got, json: body });
  });
  await page.goto('/');
  const list = page.getByRole('navigation', { name: 'Sessions', exact: true });
  await expect(list.locator('[data-row]')).not.toHaveCount(0);
  await see('list');
  await page.goto('/');
  await row(page, 'Shrink').locator('[data-row]').click({ button: 'right' });
  await expect(page.getByRole('menu').first()).toBeVisible();
  await see('list-menu');
  await page.keyboard.press('Escape');
  if (!phone) {
    await page.keyboard.press('/');
    await page.keyboard.type('nothing like it');
    await see('list-no-match');
    await page.keyboard.press('Escape');
  }
  if (!phone) {
    await page.getByRole('button', { name: 'Hide the list' }).click();
    await expect(page.getByRole('button', { name: 'Show the list' })).toBeVisible();
    await see('list-hidden');
    await page.getByRole('button', { name: 'Show the list' }).click();
  }
  await row(page, 'very long title').locator('[data-row]').click();
  await expect(composer(page)).toBeVisible();
  await see('long-title');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

async function losses({ page, see }: Tour): Promise<void> {
  const id = new URL(page.url()).pathname.replace('/s/', '');
  await page.request.delete(`/api/sessions/${id}`);
  await page.goto('/shelf');
  await expect(page.getByRole('link', { name: /very long title/ })).toBeVisible();
  await see('shelf');
  await page.goto('/more');
  await expect(page.getByRole('button', { name: 'Dark' })).toBeVisible();
  await see('more');
  await page.goto(`/s/${id}`);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Restore' })).toBeVisible();
  await see('session-trashed');
  await page.goto('/s/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV');
  await expect(page.getByRole('heading', { name: 'This session is not here' })).toBeVisible();
  await see('session-gone');
  await page.goto('/no/such/place');
  await see('no-such-address');
  await page.route(/\/api\/sessions(\?|\/|$)/, () => {});
  await page.goto(`/s/${id}`);
  await expect(page.getByText('Opening the session')).toBeVisible();
  await see('loading');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.route(/\/api\/sessions(\?|\/|$)/, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 503, code: 'busy', detail: 'Hermes is starting.' }),
    }),
  );
  await page.goto(`/s/${id}`);
  await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 20_000 });
  await see('load-failed');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

async function queue(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: /^queue/i }).click();
}

function row(page: Page, title: string): Locator {
  return page.locator('li', { has: page.locator('[data-row]', { hasText: title }) }).first();
}

async function allow(page: Page): Promise<void> {
  await card(page).getByRole('radio', { name: 'Always' }).check();
  await card(page)
    .getByRole('button', { name: /^Always allow/ })
    .click();
}

/** The turn is over for the page as well. */
async function quiet(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0);
}

async function top(page: Page): Promise<void> {
  await page.evaluate(() => {
    const log = document.querySelector('[role=log]');
    if (log) log.scrollTop = 0;
  });
}
