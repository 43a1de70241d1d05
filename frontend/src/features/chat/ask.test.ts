import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AskAnswer } from '../../api/client';
import type { Ask } from '../../fold/types';
import AskCard from './AskCard.svelte';

const approval: Ask = {
  id: 'ask_1',
  session: 'ses_1',
  turn: 'trn_1',
  part: null,
  kind: 'approval',
  title: 'Run this command?',
  why: 'To see the tests.',
  command: 'go test ./...',
  diff: '--- a/x.go\n+++ b/x.go\n@@ -1 +1,2 @@\n-old\n+new\n+more\n',
  danger: 'It runs code of this folder.',
  choices: [
    { id: 'once', label: 'Once', rule: '' },
    { id: 'session', label: 'Session', rule: 'go test ./... in ~/x' },
    { id: 'always', label: 'Always', rule: 'go test ./... in ~/x' },
    { id: 'deny', label: 'Deny', rule: '' },
  ],
  fields: [],
  editable: true,
  digest: 'd',
  raised_at: '2026-01-01T10:00:00.000Z',
  deadline: null,
};

let card: ReturnType<typeof mount> | null = null;
const answers: AskAnswer[] = [];

function show(ask: Ask = approval, idle = true): HTMLElement {
  const next = undefined;
  const answer = (body: AskAnswer) => answers.push(body);
  card = mount(AskCard, {
    target: document.body,
    props: { ask, at: 1, of: 3, next, idle, busy: false, error: '', answer, shownext: () => {} },
  });
  flushSync();
  vi.advanceTimersByTime(1000); // a new card takes no letters for a moment
  return find('.askc');
}

function find<T extends HTMLElement = HTMLElement>(what: string): T {
  const found = document.querySelector<T>(what);
  if (!found) throw new Error(`there is no ${what}`);
  return found;
}

function button(words: RegExp): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((b) => words.test(b.textContent ?? ''));
  if (!found) throw new Error(`there is no button ${words}`);
  return found;
}

/** Where the focus is, as a browser does it. */
function press(key: string, more: KeyboardEventInit = {}): void {
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
  flushSync();
}

function write(field: HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

beforeEach(() => sessionStorage.clear());
beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'Date', 'setInterval', 'clearInterval'] }));

afterEach(async () => {
  if (card) await unmount(card);
  card = null;
  answers.length = 0;
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe('keys', () => {
  it('allow and deny while the focus is in the card', () => {
    const box = show();
    box.focus();
    press('a');
    button(/^Deny/).focus();
    press('d');
    expect(answers).toEqual([{ choice: 'once' }, { choice: 'deny' }]);
  });

  it('outside of the card allow nothing', () => {
    const box = show();
    const outside = document.createElement('button');
    const composer = document.createElement('textarea');
    document.body.append(outside, composer);
    for (const el of [outside, composer]) {
      el.focus();
      for (const key of ['a', 'A', 'Enter', ' ', 'd', 'e']) press(key);
    }
    expect(answers).toEqual([]);
    expect(box.contains(document.activeElement)).toBe(false);
  });

  it('on the page itself bring the focus here first', () => {
    const box = show();
    box.blur();
    expect(document.activeElement).toBe(document.body);
    press('Enter');
    press('a');
    expect(answers).toEqual([]);
    expect(document.activeElement).toBe(box);
    press('a');
    expect(answers).toEqual([{ choice: 'once' }]);
  });

  it('never count with Enter, held down, with a modifier, or while something is written', () => {
    const box = show();
    box.focus();
    press('Enter');
    press('a', { repeat: true });
    press('a', { ctrlKey: true });
    press('a', { isComposing: true });
    button(/^Deny and say why/).click();
    flushSync();
    find('textarea').focus();
    press('a');
    press('Enter');
    expect(answers).toEqual([]);
  });

  it('do not count for the first moment of a card', () => {
    show();
    if (card) void unmount(card);
    document.body.replaceChildren();
    card = mount(AskCard, {
      target: document.body,
      props: {
        ask: approval,
        at: 1,
        of: 1,
        next: undefined,
        idle: true,
        busy: false,
        error: '',
        answer: (b: AskAnswer) => answers.push(b),
        shownext: () => {},
      },
    });
    flushSync();
    find('.askc').focus();
    press('a');
    expect(answers).toEqual([]);
  });

  it('leave the focus in a composer that holds words', () => {
    const composer = document.createElement('textarea');
    composer.dataset.composer = '';
    document.body.append(composer);
    composer.focus();
    show(approval, false);
    expect(document.activeElement).toBe(composer);
  });
});

describe('what is shown', () => {
  it('is the count, why, the command, the danger, the change and each rule', async () => {
    const box = show();
    expect(box.textContent).toContain('+more'); // before the drawing of changes is loaded
    await vi.dynamicImportSettled();
    flushSync();
    for (const words of ['1 of 3', 'Run this command?', 'To see the tests.', 'go test ./...', 'It runs code of this folder.']) {
      expect(box.textContent).toContain(words);
    }
    expect(box.querySelector('.df')?.textContent).toContain('x.go');
    expect([...box.querySelectorAll('.df tr:not(.h)')].map((r) => r.querySelector('.sg')?.textContent)).toEqual(['−', '+', '+']);
    const holds = [...box.querySelectorAll('.scope .until')].map((c) => c.textContent);
    expect(holds).toEqual(['nothing is stored', 'until the session ends', 'until you take it back']);
    const rules = [...box.querySelectorAll('.scope code')].map((c) => c.textContent);
    expect(rules).toEqual(['go test ./... in ~/x']); // the same for both, so it is said once
  });

  it('says on the button how long it holds', () => {
    show();
    for (const [id, words] of [
      ['always', 'Always allow'],
      ['session', 'Allow for this session'],
      ['once', 'Allow once'],
    ]) {
      find<HTMLInputElement>(`input[value=${id}]`).click();
      flushSync();
      expect(button(/llow/).textContent).toContain(words);
    }
  });
});

describe('how dangerous a command is', () => {
  it('is marked in it, and weighed', () => {
    const box = show({ ...approval, command: 'git push 🌱 --force x', level: 2, span: { from: 11, to: 18 } });
    expect(box.querySelector('.cmd mark')?.textContent).toBe('--force');
    expect(box.querySelector('.cmd')?.textContent).toContain('git push 🌱 --force x');
    expect(box.querySelector('[role=img][aria-label="2 of 3"]')?.querySelectorAll('.on')).toHaveLength(2);
  });

  it('is not weighed where nobody judged it', () => {
    const box = show();
    expect(box.querySelector('.cmd mark')).toBeNull();
    expect(box.querySelector('.risk')).toBeNull();
  });
});

describe('a changed command', () => {
  it('can only be allowed once, and says why', () => {
    show();
    find<HTMLInputElement>('input[value=always]').click();
    button(/^Edit command/).click();
    flushSync();
    write(find('textarea'), 'go test ./server');
    expect(find<HTMLInputElement>('input[value=once]').checked).toBe(true);
    expect(find<HTMLInputElement>('input[value=always]').disabled).toBe(true);
    expect(find('.scope').textContent).toContain('can only be allowed once');
    button(/Allow once/).click();
    expect(answers).toEqual([{ choice: 'once', command: 'go test ./server' }]);
  });

  it('is shown as it would run, also while a reason is written', () => {
    const box = show();
    button(/^Edit command/).click();
    flushSync();
    write(find('textarea'), 'rm -r build');
    button(/^Deny and say why/).click();
    flushSync();
    expect(box.querySelector('.cmd')?.textContent).toContain('rm -r build');
    button(/Take the change back/).click();
    flushSync();
    button(/Allow once/).click();
    expect(answers).toEqual([{ choice: 'once' }]);
  });

  it('that is empty cannot be allowed', () => {
    const box = show();
    button(/^Edit command/).click();
    flushSync();
    write(find('textarea'), '  ');
    expect(button(/Allow once/).disabled).toBe(true);
    box.focus();
    press('a');
    expect(answers).toEqual([]);
  });
});

it('denies with a reason', () => {
  show();
  button(/^Deny and say why/).click();
  flushSync();
  write(find('textarea'), ' not on Fridays ');
  button(/^Deny/).click();
  expect(answers).toEqual([{ choice: 'deny', text: 'not on Fridays' }]);
});

it('takes a choice or own words for a question', () => {
  const choices = [
    { id: 'a', label: 'Red', rule: '' },
    { id: 'b', label: 'Blue', rule: 'the sky' },
  ];
  const box = show({ ...approval, kind: 'question', title: 'Which colour?', command: '', diff: '', danger: '', choices });
  box.focus();
  press('2');
  write(find('textarea'), 'Green');
  button(/^Answer/).click();
  expect(answers).toEqual([{ choice: 'b' }, { text: 'Green' }]);
});

it('leaves a question to the agent', () => {
  show({ ...approval, kind: 'question', title: 'Which colour?', command: '', diff: '', danger: '', choices: [] });
  button(/^Let Hermes decide/).click();
  expect(answers).toEqual([{ text: 'Decide yourself.' }]);
});

it('is put aside without an answer, also for the next load, and taken up again', async () => {
  const box = show();
  box.focus();
  button(/^Later/).click();
  flushSync();
  expect(box.textContent).toContain(approval.title);
  press('a');
  press('d');
  if (card) await unmount(card);
  const again = show();
  expect(again.textContent).not.toContain('Allow once');
  expect(document.activeElement).toBe(document.body);
  press('a');
  expect(answers).toEqual([]);
  button(/^Answer/).click();
  flushSync();
  expect(button(/Allow once/)).toBeTruthy();
});

it('keeps what was typed while it is put aside, or another session is open', async () => {
  const question: Ask = { ...approval, id: 'ask_kept', kind: 'question', command: '', diff: '', editable: false, choices: [] };
  show(question);
  write(find('textarea'), 'Half of an answer');
  button(/^Later$/).click();
  flushSync();
  button(/^Answer/).click();
  flushSync();
  expect(find<HTMLTextAreaElement>('textarea').value).toBe('Half of an answer');

  if (card) await unmount(card);
  show(question);
  expect(find<HTMLTextAreaElement>('textarea').value).toBe('Half of an answer');
  if (card) await unmount(card);
  show({ ...question, id: 'ask_other' });
  expect(find<HTMLTextAreaElement>('textarea').value).toBe('');
});
