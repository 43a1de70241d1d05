import { describe, expect, it } from 'vitest';
import type { Json, ToolCallPart } from '../../fold/types';
import { head, output, reason, resultOf, sentence, sortOf, span, tail, target, verb } from './ledger';

function call(name: string, more: Partial<ToolCallPart> = {}): ToolCallPart {
  return {
    id: name,
    kind: 'tool_call',
    parent: null,
    opened_at: '2026-01-01T10:00:00.000Z',
    closed_at: '2026-01-01T10:00:02.500Z',
    name,
    title: '',
    args: null,
    state: 'done',
    out: '',
    skipped: null,
    result: null,
    error: '',
    ...more,
  };
}

describe('sentence', () => {
  it('counts by what was done, in the order of doing', () => {
    const calls = ['read_file', 'read_file', 'search', 'grep', 'run_command', 'read_file'].map((n) => call(n));
    expect(sentence(calls)).toBe('Read 3 files, searched twice, ran 1 command');
  });

  it('says once, twice and a number', () => {
    const words = (n: number) => sentence(Array.from({ length: n }, () => call('search_files')));
    expect([words(1), words(2), words(3)]).toEqual(['Searched once', 'Searched twice', 'Searched 3 times']);
  });

  it('calls unknown tools other tools', () => {
    expect(sentence([call('weather'), call('edit_file')])).toBe('Used 1 other tool, edited 1 file');
  });

  it('says what the built-in tools did', () => {
    const names = ['read_file', 'search_files', 'search_files', 'shell', 'fetch_url', 'github__search_issues', 'github__get_me'];
    expect(sentence(names.map((n) => call(n)))).toBe('Read 1 file, searched twice, ran 1 command, fetched 1 page, used github');
    expect(sentence(['write_file', 'list_dir', 'plan', 'plan', 'ask_user'].map((n) => call(n)))).toBe(
      'Wrote 1 file, listed 1 folder, set the plan, asked 1 question',
    );
  });

  it('counts a file that was read twice once', () => {
    const read = (path: string) => call('read_file', { args: { path } });
    expect(sentence([read('a.go'), read('a.go'), read('b.go')])).toBe('Read 2 files');
  });
});

describe('a row', () => {
  it('names what it is about', () => {
    expect(target(call('run_command', { title: 'Run the tests', args: { command: 'go test ./...' } }))).toBe('go test ./...');
    expect(target(call('ask_moon', { title: 'Ask the moon', args: ['odd'] }))).toBe('Ask the moon');
    expect(verb(call('ask_moon'))).toBe('ask_moon');
    const mcp = call('github__search_issues', { title: 'github: search_issues', args: { query: 'bug' } });
    expect([verb(mcp), target(mcp)]).toEqual(['github', 'search issues: bug']);
    expect([verb(call('mcp__github__get_me')), target(call('mcp__github__get_me'))]).toEqual(['github', 'get me']);
    expect(target(call('search_files', { args: { path: 'src', pattern: 'TODO' } }))).toBe('TODO');
    expect(target(call('shell', { args: { command: 'cd x\nmake' } }))).toBe('cd x…');
  });

  it('ends with the words of its kind', () => {
    const words = (result: Json) => resultOf(call('x', { result })).text;
    expect(words({ kind: 'file', path: 'a', lines: 1 })).toBe('1 line');
    expect(words({ kind: 'file', path: 'a.png', bytes: 2048 })).toBe('2 KB');
    expect(words({ kind: 'entries', count: 12 })).toBe('12 entries');
    expect(words({ kind: 'hits', count: 8, files: 3 })).toBe('8 hits in 3 files');
    expect(words({ kind: 'hits', count: 0, files: 0 })).toBe('nothing found');
    expect(words({ kind: 'web', status: 200, bytes: 34000 })).toBe('200, 34 KB');
    expect(words({ kind: 'answer' })).toBe('answered');
    expect(words({ kind: 'exit', exit_code: 0, timed_out: true })).toBe('timed out');
    expect(words({ kind: 'moon', text: 'x' })).toBe('');
    expect(resultOf(call('edit_file', { result: { kind: 'diff', added: 8, removed: 1 } }))).toEqual({
      text: '',
      bad: false,
      changed: { added: 8, removed: 1 },
    });
    expect(resultOf(call('fetch_url', { result: { kind: 'web', status: 404 } })).bad).toBe(true);
  });

  it('says a failure once', () => {
    const failed = (error: string, more = {}) => call('shell', { state: 'failed', error, ...more });
    const said = (c: ToolCallPart) => [resultOf(c).text, reason(c)];
    const long = 'use the staging server for this, not the live one';
    const denied = 'denied by the user';
    expect(said(failed(`${denied}; do not try it again in another way, ask or go on without it`))).toEqual(['denied', '']);
    expect(said(failed(`${denied}, who says: not today`))).toEqual(['denied: not today', '']);
    expect(said(failed(`${denied}, who says: ${long}`))).toEqual(['denied', long]);
    expect(said(failed('no such file'))).toEqual(['no such file', '']);
    expect(said(failed(long))).toEqual(['failed', long]);
    expect(said(failed(''))).toEqual(['failed', '']);
    expect(reason(failed(long, { out: `$ x\n${long}` }))).toBe('');
    const exit = failed('the command ended with 2', { result: { kind: 'exit', exit_code: 2 } });
    expect([resultOf(exit).text, reason(exit)]).toEqual(['exit 2', 'the command ended with 2']);
  });

  it('says what Hermes did not run in place of the exit code that it gives', () => {
    const blocked = (error: string) => call('terminal', { state: 'failed', error, result: { kind: 'exit', exit_code: -1 } });
    const said = (c: ToolCallPart) => [resultOf(c).text, reason(c)];
    const no = 'The user has NOT consented to this action. Do NOT retry this command.';
    expect(said(blocked(`BLOCKED: Command denied by user. ${no}`))).toEqual(['denied', '']);
    expect(said(blocked(`BLOCKED: Command denied by user. Reason given by the user: "not today". ${no}`))).toEqual([
      'denied: not today',
      '',
    ]);
    expect(said(blocked('BLOCKED: User denied this potentially dangerous action.'))).toEqual(['denied', '']);
    const late = `BLOCKED: Command timed out without user response. ${no} Silence is not consent.`;
    expect(said(blocked(late))).toEqual(['nobody answered', late]);
    const rule = 'BLOCKED (hardline): recursive delete of the root. It is never run.';
    expect(said(blocked(rule))).toEqual(['not run', rule]);
  });

  it('marks what went wrong and nothing else', () => {
    expect(resultOf(call('run', { state: 'failed', error: 'exit status 1\nmore' }))).toMatchObject({ text: 'failed', bad: true });
    expect(resultOf(call('run', { result: { exit_code: 2 } }))).toMatchObject({ text: 'exit 2', bad: true });
    expect(resultOf(call('run', { result: { exit_code: 0 } }))).toMatchObject({ text: 'exit 0', bad: false });
    expect(resultOf(call('run', { state: 'stopped' })).bad).toBe(false);
  });

  it('opens the output, else the answer', () => {
    expect(output(call('run', { out: 'hi\n', result: { text: 'no' } }))).toBe('hi');
    expect(output(call('read', { result: { lines: 1, text: 'package a' } }))).toBe('package a');
    expect(output(call('read_file', { result: { kind: 'file', path: 'a' } }))).toBe('');
    expect(output(call('run'))).toBe('');
  });
});

it('cuts output at whole lines', () => {
  expect(head('a\nb\nc', 2)).toEqual({ text: 'a\nb', shown: 2, all: 3 });
  expect(head('', 2)).toEqual({ text: '', shown: 0, all: 0 });
  expect(tail('a\nb\nc\n', 2)).toBe('b\nc');
  expect(tail('\u001b[32mok\u001b[0m 10 %\r50 %\n', 2)).toBe('50 %');
});

it('measures from the first start to the last end', () => {
  const late = call('b', { opened_at: '2026-01-01T10:00:01.000Z', closed_at: null });
  expect(span([call('a')], 0)).toBe(2500);
  expect(span([call('a'), late], Date.parse('2026-01-01T10:00:09.000Z'))).toBe(9000);
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a tool that calls itself %s is any other tool', (name) => {
  expect(sortOf(name)).toBe('other');
});
