import { describe, expect, it } from 'vitest';
import type { ListedModel } from '../../api/client';
import { pick, price, providerOf, size } from './models';

const model = (id: string, more: Partial<ListedModel> = {}): ListedModel => ({
  agent: 'direct',
  id,
  name: id.split('/')[1] ?? id,
  provider: providerOf(id),
  provider_name: '',
  window: 0,
  images: '',
  efforts: [],
  price: null,
  ...more,
});

const some = [
  model('openai/gpt-5', { name: 'GPT-5', provider_name: 'OpenAI' }),
  model('openai/gpt-5-mini', { name: 'GPT-5 mini', provider_name: 'OpenAI' }),
  model('ollama/qwen3:4b', { provider_name: 'Ollama' }),
];

describe('the list of models', () => {
  it('is grouped by provider in the order of the server', () => {
    const { groups, more } = pick(some, '');
    expect(groups.map((g) => [g.name, g.models.map((m) => m.id)])).toEqual([
      ['OpenAI', ['openai/gpt-5', 'openai/gpt-5-mini']],
      ['Ollama', ['ollama/qwen3:4b']],
    ]);
    expect(more).toBe(0);
  });

  it.each([
    ['MINI', ['openai/gpt-5-mini']],
    ['mini gpt', ['openai/gpt-5-mini']],
    ['ollama', ['ollama/qwen3:4b']],
    ['openai/gpt-5', ['openai/gpt-5', 'openai/gpt-5-mini']],
    ['  ', ['openai/gpt-5', 'openai/gpt-5-mini', 'ollama/qwen3:4b']],
    ['claude', []],
    ['gpt ollama', []],
  ])('finds for “%s”', (query, ids) => {
    expect(pick(some, query).groups.flatMap((g) => g.models.map((m) => m.id))).toEqual(ids);
  });

  it('draws few of many, counts the others, and finds those too', () => {
    const many = Array.from({ length: 500 }, (_, i) => model(`router/m-${i}`));
    const first = pick(many, '');
    expect(first.groups[0]?.models.length).toBe(80);
    expect(first.more).toBe(420);
    expect(pick(many, 'm-499').groups[0]?.models.map((m) => m.id)).toEqual(['router/m-499']);
  });
});

it('says prices and sizes in few characters', () => {
  expect([0, 0.15, 0.6, 2.5, 3, 15, 12.34, 0.0375].map(price)).toEqual([
    '$0',
    '$0.15',
    '$0.60',
    '$2.50',
    '$3',
    '$15',
    '$12.34',
    '$0.038',
  ]);
  expect([512, 8192, 128_000, 131_072, 999_999, 1_000_000, 1_500_000].map(size)).toEqual([
    '512',
    '8k',
    '128k',
    '131k',
    '1M',
    '1M',
    '1.5M',
  ]);
});
