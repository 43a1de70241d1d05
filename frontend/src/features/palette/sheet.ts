import { type ActionId, actionIds, scopeOf } from '../../app/actions/catalogue';
import { deeds, type Group, groups } from '../../app/actions/deeds';
import { type Hit, match } from '../../app/actions/fuzzy';
import type { Keys } from '../../app/actions/keys.svelte';
import { reserved } from '../../app/actions/strokes';
import { words } from '../../i18n/palette';

export interface Line {
  id: ActionId;
  name: string;
  marks: Hit['marks'];
}

/** The actions that are called so or have such a key, by group. */
export function lines(keys: Keys, query: string): { group: Group; lines: Line[] }[] {
  return groups
    .map((group) => ({
      group,
      lines: actionIds.filter((id) => deeds[id].group === group).flatMap((id) => line(keys, id, query.trim())),
    }))
    .filter((g) => g.lines.length > 0);
}

function line(keys: Keys, id: ActionId, query: string): Line[] {
  const name = words(deeds[id].words);
  const hit = match(name, query);
  if (hit) return [{ id, name, marks: hit.marks }];
  const plain = (x: string) => x.replace(/\s/g, '').toLowerCase();
  const slash = deeds[id].slash?.name;
  const found = plain(keys.shown(id)) === plain(query) || (slash !== undefined && `/${slash}`.startsWith(query));
  return found ? [{ id, name, marks: [] }] : [];
}

/** The composer's own keys mean something there only. */
export function fixed(id: ActionId): boolean {
  return scopeOf(id) === 'composer';
}

/** How many strokes the key of an action may have. What a card hears itself has one. */
export function strokesOf(id: ActionId): 1 | 2 {
  return scopeOf(id) === 'ask' ? 1 : 2;
}

/** Why these cannot be the keys of the action, for people; '' = they can. */
export function refusal(keys: Keys, id: ActionId, wish: string): string {
  const shown = keys.signs(wish).join(' ');
  const strokes = wish.split(' ');
  const typed = scopeOf(id) === 'ask' && !/^[^+]$/.test(wish); // a letter that is safe in a card
  const basic = /^(Enter|Space|Backspace|Delete|Arrow\w+|Home|End|Page\w+)$/; // they move, press and write
  if (typed || strokes.some((s) => reserved(s) || basic.test(s))) return words('keys.reserved', { keys: shown });
  if (strokes[0] === 'Escape' && wish !== 'Escape Escape') return words('keys.reserved', { keys: shown });
  const other = keys.clash(wish, id);
  return other ? words('keys.clash', { keys: shown, name: words(deeds[other].words) }) : '';
}
