import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asked } from '../app/asked';
import { fault, said } from '.';
import { retold } from './retold';
import { speak } from './tongue';

describe('a table of sentences', () => {
  const tell = retold({
    'Fine.': 'Gut.',
    'Use {a} of {b}?': '{b}: {a}?',
    '{why}, again in {t}': '{why} ({t})',
    '{p} fails{w}': '{p} +{w}',
  });

  it('says what it knows, with what differs each time in its place', () => {
    expect([tell('Fine.'), tell('Use x.y of the\nserver?'), tell('P fails: “Oh.”.')]).toEqual([
      'Gut.',
      'the\nserver: x.y?',
      'P +: “Oh.”.',
    ]);
  });

  it('says what fills a gap as well', () => expect(tell('Fine., again in 8 s')).toBe('Gut. (8 s)'));

  it('leaves everything else as it is', () => {
    expect(['', 'Fine', 'fine.', 'toString', 'Reuse x of y?', 'Use x'].map(tell)).toEqual([
      '',
      'Fine',
      'fine.',
      'toString',
      'Reuse x of y?',
      'Use x',
    ]);
    const long = `Use ${'of '.repeat(100_000)}`;
    expect(tell(long)).toBe(long);
  });
});

describe('in German', () => {
  beforeEach(() => speak('de', ['de-DE']));
  afterEach(() => speak('en', ['en-US']));

  it('what the server asks is German', () => {
    expect(asked({ kind: 'approval', why: 'mine', title: 'Change src/a.ts?' })).toBe('src/a.ts ändern?');
    expect(said('It deletes folders with everything in them.')).toBe('Er löscht Ordner mit allem, was darin ist.');
    expect(said('run exactly: rm -rf a — in b — in /work')).toBe('genau ausführen: rm -rf a — in b — in /work');
  });

  it('a question of the agent stays in its words', () => {
    const question = { kind: 'question', why: '', title: 'Create a branch?' } as const;
    expect(asked(question)).toBe('Create a branch?');
    const own = 'A turn that takes this long may be going in circles.';
    expect(asked({ ...question, why: own, title: 'This turn has asked the model 50 times. Should it go on?' })).toContain(
      '50-mal',
    );
  });

  it('an error of a provider is German, but for what the provider said', () => {
    expect(said('Mine (127.0.0.1) wants a key (401). Enter one under Settings, Models and providers.')).toBe(
      'Mine (127.0.0.1) verlangt einen Schlüssel (401). Er gehört unter Einstellungen, Modelle und Anbieter eingetragen.',
    );
    expect(fault('provider_other', 'X (y) refuses the request (400): “bad”.')).toBe('X (y) lehnt die Anfrage ab (400): “bad”.');
  });
});

it('in English nothing is said otherwise', () => expect(said('Run this command?')).toBe('Run this command?'));
