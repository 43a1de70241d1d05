import { expect, it } from 'vitest';
import type { Agent, ListedModel } from '../api/client';
import { AgentsStore } from './agents.svelte';

function store(): AgentsStore {
  const agents = new AgentsStore();
  agents.items = [agent('direct', { preset: true, efforts: [] }), agent('hermes', { preset: false, efforts: ['low', 'high'] })];
  agents.models = [
    model('direct', 'a/deep', ['medium', 'high']),
    model('direct', 'a/plain', []),
    model('hermes', 'a/deep', ['low']),
  ];
  agents.defaultModel = 'a/deep';
  return agents;
}

const agent = (id: string, can: Partial<Agent['can']>): Agent => ({ id, can }) as Agent;
const model = (of: string, id: string, efforts: string[]): ListedModel => ({ agent: of, id, efforts }) as ListedModel;

it('takes the model of new sessions only where the agent does', () => {
  const agents = store();
  expect(agents.presetOf('direct')).toBe('a/deep');
  expect(agents.presetOf('hermes')).toBe('');
  agents.defaultModel = 'gone/model';
  expect(agents.presetOf('direct')).toBe('');
});

it('offers the efforts of the model that is asked next, or of the agent that decides', () => {
  const agents = store();
  expect(agents.effortsOf({ agent: 'direct', model: '' })).toEqual(['medium', 'high']);
  expect(agents.effortsOf({ agent: 'direct', model: 'a/plain' })).toEqual([]);
  expect(agents.effortsOf({ agent: 'hermes', model: '' })).toEqual(['low', 'high']);
  expect(agents.effortsOf({ agent: 'hermes', model: 'a/deep' })).toEqual(['low']);
  expect(agents.effortsOf({ agent: 'gone', model: '' })).toEqual([]);
});

it('keeps an effort only where the next model has it', () => {
  const agents = store();
  const session = { agent: 'direct', effort: 'high' };
  expect(agents.effortFor(session, 'a/deep')).toBe('high');
  expect(agents.effortFor(session, 'a/plain')).toBe('');
  expect(agents.effortFor({ agent: 'hermes', effort: 'high' }, 'a/deep')).toBe('');
  expect(agents.effortFor({ agent: 'hermes', effort: 'high' }, '')).toBe('high');
});
