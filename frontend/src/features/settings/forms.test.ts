import { describe, expect, it } from 'vitest';
import { ApiError, type ListedModel } from '../../api/client';
import { refusal } from './fault';
import { about, fieldsOf, settingOf } from './model';
import { linesOf, valuesOf } from './secrets';
import { free, slug } from './slug';

it('makes ids of names', () => {
  expect(slug('My Lab (Köln)')).toBe('my-lab-koln');
  expect(slug('日本')).toBe('');
  expect(slug(`a${'-b'.repeat(40)}`).length).toBeLessThanOrEqual(32);
  expect(free('ollama', ['ollama', 'ollama-2'])).toBe('ollama-3');
});

describe('values that are never read again', () => {
  it('keep what is stored, and leave out what was removed', () => {
    const lines = linesOf(['TOKEN', 'OLD']).filter((l) => l.name !== 'OLD');
    expect(valuesOf([...lines, { name: ' NEW ', value: 'x', stored: false }])).toEqual({ TOKEN: null, NEW: 'x' });
    expect(valuesOf([{ name: 'TOKEN', value: 'other', stored: true }])).toEqual({ TOKEN: 'other' });
    expect(valuesOf([{ name: '', value: '', stored: false }])).toEqual({});
  });

  it('need a name, a value, and are there once', () => {
    expect(valuesOf([{ name: '', value: 'x', stored: false }])).toBe('Give each value a name.');
    expect(valuesOf([{ name: 'A', value: '', stored: false }])).toBe('Give A a value, or remove it.');
    expect(valuesOf([...linesOf(['A']), { name: 'A', value: 'x', stored: false }])).toBe('A is there twice.');
  });
});

describe('what is known about a model', () => {
  const empty = fieldsOf(undefined);

  it('is what a person set, and nothing where the fields are empty', () => {
    expect(settingOf(empty)).toEqual({ setting: null, wrong: {} });
    const set = { window: 128_000, images: 'yes' as const, price: { input: 2.5, cached: 1.25, output: 10 } };
    expect(settingOf(fieldsOf(set)).setting).toEqual(set);
    expect(settingOf({ ...empty, window: '128 000' }).setting).toEqual({ window: 128_000 });
    expect(settingOf({ ...empty, input: '2,5', output: '10' }).setting).toEqual({
      price: { input: 2.5, cached: 2.5, output: 10 },
    });
  });

  it('is refused where it is no number', () => {
    expect(Object.keys(settingOf({ ...empty, window: '-1', input: 'x' }).wrong)).toEqual(['window', 'price']);
    expect(settingOf({ ...empty, window: '1.5' }).wrong.window).toBeDefined();
    expect(settingOf({ ...empty, input: '1' }).wrong.price).toContain('input and output');
  });

  it('is said in a few words', () => {
    const model: ListedModel = {
      agent: 'direct',
      id: 'a/b',
      name: 'b',
      provider: 'a',
      provider_name: 'A',
      window: 0,
      images: '',
      efforts: [],
      price: null,
    };
    expect(about(model)).toBe('');
    expect(about({ ...model, window: 32_768, images: 'yes', price: { input: 2.5, cached: 0, output: 10 } })).toBe(
      '32,768 tokens, sees images, $2.50 in, $10 out',
    );
  });
});

it('finds the field that a refusal is about', () => {
  const no = (detail: string, more = {}) => new ApiError(422, 'invalid', detail, more);
  const fields = ['base_url', 'key'];
  expect(refusal(no('x', { errors: [{ location: 'body.base_url', message: '' }] }), fields).field).toBe('base_url');
  expect(refusal(no('The key is too long.'), fields, { 'The key': 'key' })).toEqual({
    field: 'key',
    text: 'The key is too long.',
  });
  expect(refusal(no('Nothing was changed.'), fields).field).toBe('');
  expect(refusal(new Error('secret path'), fields).text).not.toContain('secret');
});
