import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Hit } from '../../../api/client';
import type { Transcript } from '../../../stores/transcript.svelte';
import { Search } from './search.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = Awaited<ReturnType<Transcript['find']>>;

function hit(at: number): Hit {
  return { turn: 't', part: 'p', in: 'text', at, before: '', match: 'x', after: '' };
}

function found(seq: number, ...at: number[]): Answer {
  return { items: at.map(hit), total: at.length, more: false, seq };
}

/** A session that answers when it is told to. */
function session() {
  const asked: { words: string; signal: AbortSignal; say: (a: Answer) => void; fail: (e: Error) => void }[] = [];
  const find = (words: string, signal: AbortSignal) =>
    new Promise<Answer>((say, fail) => {
      asked.push({ words, signal, say, fail });
    });
  const search = new Search({ find } as Pick<Transcript, 'find'>, (hits) => hits.length - 1);
  return { search, asked };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test('words are asked for when they rest, and an older question is dropped', async () => {
  const { search, asked } = session();
  search.ask('h');
  vi.advanceTimersByTime(60);
  search.ask('he');
  vi.advanceTimersByTime(119);
  expect(asked).toHaveLength(0);
  vi.advanceTimersByTime(1);
  expect(asked.map((a) => a.words)).toEqual(['he']);
  search.ask('her');
  expect(asked[0]?.signal.aborted).toBe(true);
  vi.advanceTimersByTime(120);
  asked[1]?.say(found(1, 3, 5));
  asked[0]?.say(found(1, 9));
  await settle();
  expect(search.words).toBe('her');
  expect(search.current?.at).toBe(5);
  search.step(1);
  expect(search.current?.at).toBe(3);
  search.step(-1);
  expect(search.current?.at).toBe(5);
});

test('it says that it searches after a moment only', async () => {
  const { search, asked } = session();
  search.ask('x', true);
  await vi.advanceTimersByTimeAsync(199);
  expect(search.slow).toBe(false);
  await vi.advanceTimersByTimeAsync(2);
  expect(search.slow).toBe(true);
  asked[0]?.say(found(1));
  await settle();
  expect(search.slow).toBe(false);
  expect(search.at).toBe(-1);
});

test('when the session has grown it asks again quietly and stays at its hit', async () => {
  const { search, asked } = session();
  search.ask('x', true);
  await settle();
  asked[0]?.say(found(7, 1, 5));
  await settle();
  search.step(1);
  expect(search.current?.at).toBe(1);
  search.grew(7); // covered already
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(1);
  search.grew(8);
  search.grew(9);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(300);
  expect(search.slow).toBe(false);
  asked[1]?.say(found(9, 0, 1, 5));
  await settle();
  expect(search.hits).toHaveLength(3);
  expect(search.current?.at).toBe(1);
});

test('an error is kept until it is tried again, and empty words find nothing', async () => {
  const { search, asked } = session();
  search.ask('x', true);
  await settle();
  asked[0]?.fail(new Error('It broke.'));
  await settle();
  expect(search.error).toBe('It broke.');
  search.retry();
  await settle();
  expect(search.error).toBe('');
  asked[1]?.say(found(1, 2));
  await settle();
  expect(search.hits).toHaveLength(1);
  search.ask('  ');
  expect(search.words).toBe('');
  expect(search.hits).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(2);
});
