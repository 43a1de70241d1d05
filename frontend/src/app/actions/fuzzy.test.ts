import { expect, test } from 'vitest';
import { match, pieces } from './fuzzy';

const marked = (text: string, query: string) =>
  pieces(text, match(text, query)?.marks ?? [])
    .map((p) => (p.hit ? `[${p.text}]` : p.text))
    .join('');

function best(query: string, ...texts: string[]): string | undefined {
  return texts
    .flatMap((text) => {
      const hit = match(text, query);
      return hit ? [{ text, score: hit.score }] : [];
    })
    .sort((a, b) => b.score - a.score)[0]?.text;
}

test('what was found is marked', () => {
  expect(marked('Schedules fire twice', 'sched')).toBe('[Sched]ules fire twice');
  expect(marked('Weekend on-call schedule', 'sched on')).toBe('Weekend [on]-call [sched]ule');
  expect(marked('New session', 'ns')).toBe('[N]ew [s]ession');
  expect(marked('Éclair à la crème', 'eclair creme')).toBe('[Éclair] à la [crème]');
  expect(marked('abc', '')).toBe('abc');
});

test('the start of a text is better than of a word, and that than the middle or single letters', () => {
  expect(best('port', 'Report', 'The port', 'Port it')).toBe('Port it');
  expect(best('port', 'Report', 'The port')).toBe('The port');
  expect(best('rn', 'Turn on', 'Release notes')).toBe('Turn on');
  expect(best('mod', 'Choose the model', 'Choose the model of another one')).toBe('Choose the model');
});

test('what is not there is not found, and letters from anywhere are not a hit', () => {
  expect(match('Release notes', 'x')).toBeNull();
  expect(match('Release notes', 'release x')).toBeNull();
  expect(match('The quick brown fox jumps', 'uwps')).toBeNull();
  expect(match('', 'a')).toBeNull();
});

test('signs of patterns, other scripts and halves of pairs do no harm', () => {
  expect(marked('a.*b (c) [d]', '.*')).toBe('a[.*]b (c) [d]');
  expect(marked('Ночной запуск', 'ноч')).toBe('[Ноч]ной запуск');
  expect(marked('日本語の本', '本')).toBe('日[本]語の本');
  expect(marked('İstanbul', 'istanbul')).toBe('[İstanbul]');
  expect(marked('a 🎉 party', '🎉')).toBe('a [🎉] party');
});

test('10,000 titles take less than a few frames, in the best of five runs', () => {
  const texts = Array.from({ length: 10_000 }, (_, i) => `Session ${i}: why the nightly backup ran twice on host ${i % 97}`);
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    expect(texts.filter((x) => match(x, 'backup host 42')).length).toBeGreaterThan(100);
    return performance.now() - start;
  });
  expect(Math.min(...runs)).toBeLessThan(50); // it takes about 5 ms
});
