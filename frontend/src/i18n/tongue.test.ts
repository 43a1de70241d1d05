import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choices, preferences } from '../app/preferences.svelte';
import { fault, t } from '.';
import { bytes, cost, count, date, duration, price, waited } from './format';
import { number } from './number';
import { pluralOf } from './plural';
import { meant, speak, tags, tongue } from './tongue';

afterEach(() => {
  speak('en', ['en-US']);
  preferences.set('clock', 'system');
});

describe('a language', () => {
  it('is the one that was chosen, or the first of the browser that is known', () => {
    expect(meant('de', ['en-US'])).toBe('de');
    expect(meant('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(meant('system', ['en-AU', 'de'])).toBe('en');
    expect(meant('system', ['fr'])).toBe('en');
  });

  it('can be chosen if and only if the page has its words', () => {
    expect([...choices.language].sort()).toEqual(['system', ...tags].sort());
  });

  it('is English at once; another one takes time, and says so to the browser', async () => {
    expect(speak('en')).toBeNull();
    expect(await speak('de', ['de-AT', 'en'])).toBe(true);
    expect([tongue.tag, tongue.locale, document.documentElement.lang, document.documentElement.dir]).toEqual([
      'de',
      'de-AT',
      'de',
      'ltr',
    ]);
    expect(t('sessions.title')).toBe('Sitzungen');
    expect(t('chat.tool_read', { n: 1 })).toBe('1 Datei gelesen');
    expect(t('chat.tool_read', { n: 1200 })).toBe(`${number(1200)} Dateien gelesen`);
    speak('en');
    expect([t('sessions.title'), document.documentElement.lang]).toEqual(['Sessions', 'en']);
  });

  it('says an error by its code if that says enough, else as the server does', async () => {
    expect(fault('no_session', 'There is no such session.')).toBe('There is no such session.');
    await speak('de');
    expect(fault('no_session', 'There is no such session.')).toBe('Diese Sitzung gibt es nicht.');
    expect(fault('invalid', 'The name is too long.')).toBe('The name is too long.');
  });

  it.each([
    ['en', 'one|other', ['other', 'one', 'other', 'other']],
    ['pl', 'one|few|many|other', ['many', 'one', 'few', 'many']],
    ['ar', 'zero|one|two|few|many|other', ['zero', 'one', 'two', 'few']],
    ['ja', 'other', ['other', 'other', 'other', 'other']],
  ])('may have the plurals of %s', (tag, text, said) => {
    expect([0, 1, 2, 5].map((n) => pluralOf(tag)(text, n))).toEqual(said);
  });
});

describe('amounts', () => {
  beforeEach(() => speak('de', ['de-DE']));

  it('are written as the language writes them', () => {
    expect([count(940), count(38_400), count(1_240_000)]).toEqual(['940', '38,4k', '1,2M']);
    expect([bytes(12), bytes(14_200), bytes(2_500_000)]).toEqual(['12 B', '14 KB', '2,5 MB']);
    expect([cost(0.06), cost(0.0042), price(3)].map(plain)).toEqual(['0,06 $', '0,0042 $', '3 $']);
    expect([duration(6100), duration(112_000)]).toEqual(['6,1 s', '1:52']);
    expect([40_000, 130_000, 7_300_000, 180_000_000].map(waited)).toEqual(['40 s', '2 min', '2 h', '2 d']);
  });

  it('of time follow the clock of the person', () => {
    const at = new Date(2026, 10, 3, 21, 5);
    preferences.set('clock', '24');
    expect([date(at, 'time'), date(at, 'weekday'), date(at, 'date'), date(at, 'month')]).toEqual([
      '21:05',
      'Di',
      '3. Nov.',
      'Nov. 2026',
    ]);
    preferences.set('clock', '12');
    expect(plain(date(at, 'time'))).toBe('9:05 PM');
    expect(date(at, 'date')).toBe('3. Nov.');
  });

  it('of time follow the clock of the language, whatever the browser, where nothing is chosen', () => {
    expect(plain(date(new Date(2026, 10, 3, 21, 5), 'time'))).toBe('21:05');
  });
});

/** Spaces that do not break are spaces. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ');
}
