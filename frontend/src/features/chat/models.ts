import type { ListedModel } from '../../api/client';
import { count } from '../../i18n/format';

export { price } from '../../i18n/format';

/** The models of one provider, in the server's order. */
export interface ModelGroup {
  id: string;
  name: string;
  models: readonly ListedModel[];
}

/** How many models are drawn at once; the others as a person gets to them, so that 500 stay quick. */
export const shownAtOnce = 80;

/**
 * The models that hold every word of the query in their name, id or provider,
 * by provider; at most `limit` of them, and how many more there are.
 */
export function pick(models: readonly ListedModel[], query: string, limit = shownAtOnce): { groups: ModelGroup[]; more: number } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter((m) => holds(m, words));
  const groups = new Map<string, { id: string; name: string; models: ListedModel[] }>();
  for (const m of found.slice(0, limit)) {
    const group = groups.get(m.provider) ?? { id: m.provider, name: providerName(m), models: [] };
    group.models.push(m);
    groups.set(m.provider, group);
  }
  return { groups: [...groups.values()], more: Math.max(0, found.length - limit) };
}

function holds(m: ListedModel, words: readonly string[]): boolean {
  const text = `${m.name} ${m.id} ${providerName(m)}`.toLowerCase();
  return words.every((w) => text.includes(w));
}

function providerName(m: ListedModel): string {
  return m.provider_name || m.provider;
}

/** The provider of an id `provider/model`; '' where it names none. */
export function providerOf(id: string): string {
  const cut = id.indexOf('/');
  return cut < 0 ? '' : id.slice(0, cut);
}

/** A number of tokens, round: 8k, 128k, 1M, 1.5M. */
export function size(tokens: number): string {
  return count(tokens >= 1000 && tokens < 999_500 ? Math.round(tokens / 1000) * 1000 : tokens);
}
