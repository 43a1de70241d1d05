import { describe, expect, it } from 'vitest';
import type { Part } from '../../fold/types';
import { group, planOf, sections, spoken } from './group';

const base = { parent: null, opened_at: '2026-01-01T10:00:00.000Z', closed_at: null };

function part(id: string, kind: Part['kind'], more: Partial<Part> = {}): Part {
  const bodies = {
    text: { text: id },
    reasoning: { text: id },
    tool_call: { name: 'run', title: '', args: null, state: 'done', out: '', skipped: null, result: null, error: '' },
    file: { name: id, path: '', type: '', size: 1, blob: '' },
    plan: { items: [{ text: id, state: 'pending' }] },
    subagent: { title: id, task: '', state: 'done', summary: '' },
    notice: { level: 'info', text: id },
  };
  return { ...base, id, kind, ...bodies[kind], ...more } as Part;
}

describe('group', () => {
  it('makes one ledger of tool calls that follow each other', () => {
    const items = group([part('a', 'tool_call'), part('b', 'tool_call'), part('c', 'text'), part('d', 'tool_call')]);
    expect(items.map((i) => i.kind)).toEqual(['ledger', 'text', 'ledger']);
    expect(items[0]?.kind === 'ledger' && items[0].calls.map((c) => c.id)).toEqual(['a', 'b']);
  });

  it('puts the work of a helper under it', () => {
    const items = group([part('s', 'subagent'), part('x', 'text', { parent: 's' }), part('y', 'text')]);
    expect(items.map((i) => i.id)).toEqual(['s', 'y']);
    expect(items[0]?.kind === 'subagent' && items[0].items.map((i) => i.id)).toEqual(['x']);
  });

  it('keeps a part whose parent is unknown', () => {
    expect(group([part('x', 'text', { parent: 'nobody' })]).map((i) => i.id)).toEqual(['x']);
  });

  it('ends with parents that point at each other', () => {
    const parts = [part('x', 'text', { parent: 'y' }), part('y', 'text', { parent: 'x' })];
    expect(group(parts).map((i) => i.id)).toEqual(['x', 'y']);
  });

  it('leaves the plan to the margin', () => {
    const parts = [part('p', 'plan'), part('q', 'plan'), part('x', 'text')];
    expect(group(parts).map((i) => i.id)).toEqual(['x']);
    expect(planOf(parts)?.id).toBe('q');
  });
});

describe('sections', () => {
  it('begins anew where work follows on words', () => {
    const items = group([
      part('a', 'tool_call'),
      part('b', 'text'),
      part('c', 'text'),
      part('d', 'tool_call'),
      part('e', 'text'),
    ]);
    expect(sections(items).map((s) => s.items.map((i) => i.id))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});

it('copies only what the agent itself said', () => {
  const parts = [
    part('a', 'text'),
    part('r', 'reasoning'),
    part('s', 'subagent'),
    part('x', 'text', { parent: 's' }),
    part('b', 'text'),
  ];
  expect(spoken(parts)).toBe('a\n\nb');
});
