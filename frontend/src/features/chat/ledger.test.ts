import { describe, expect, it } from 'vitest';
import type { ToolCallPart } from '../../fold/types';
import { head, output, resultOf, sentence, span, tail, target, verb } from './ledger';

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
});

describe('a row', () => {
  it('names what it is about', () => {
    expect(target(call('run_command', { title: 'Run the tests', args: { command: 'go test ./...' } }))).toBe('go test ./...');
    expect(target(call('ask_moon', { title: 'Ask the moon', args: ['odd'] }))).toBe('Ask the moon');
    expect(verb(call('ask_moon'))).toBe('ask_moon');
  });

  it('marks what went wrong and nothing else', () => {
    expect(resultOf(call('run', { state: 'failed', error: 'exit status 1\nmore' }))).toEqual({
      text: 'exit status 1',
      bad: true,
    });
    expect(resultOf(call('run', { result: { exit_code: 2 } }))).toEqual({ text: 'exit 2', bad: true });
    expect(resultOf(call('run', { result: { exit_code: 0 } }))).toEqual({ text: 'exit 0', bad: false });
    expect(resultOf(call('run', { state: 'stopped' })).bad).toBe(false);
  });

  it('opens the output, else the answer, and says why it failed', () => {
    expect(output(call('run', { out: 'hi\n', result: { text: 'no' } }))).toBe('hi');
    expect(output(call('read', { result: { lines: 1, text: 'package a' } }))).toBe('package a');
    expect(output(call('run', { out: 'hi\n', state: 'failed', error: 'exit 1' }))).toBe('hi\nexit 1');
    expect(output(call('run'))).toBe('');
  });
});

it('cuts output at whole lines', () => {
  expect(head('a\nb\nc', 2)).toEqual({ text: 'a\nb', shown: 2, all: 3 });
  expect(head('', 2)).toEqual({ text: '', shown: 0, all: 0 });
  expect(tail('a\nb\nc\n', 2)).toBe('b\nc');
});

it('measures from the first start to the last end', () => {
  const late = call('b', { opened_at: '2026-01-01T10:00:01.000Z', closed_at: null });
  expect(span([call('a')], 0)).toBe(2500);
  expect(span([call('a'), late], Date.parse('2026-01-01T10:00:09.000Z'))).toBe(9000);
});
