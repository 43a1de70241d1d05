import { ApiError } from '../../api/client';
import { t } from '../../i18n';
import type { Actions, With } from './actions.svelte';
import type { ActionId } from './catalogue';
import { type At, deeds } from './deeds';

/** What an action would be done with now. */
export function placeOf(actions: Actions, { session, words = '' }: With = {}): At {
  const { page } = actions;
  const open = page.current?.snap?.session ?? null;
  const about = session ?? open;
  return {
    actions,
    session: about,
    store: about !== null && about.id === page.current?.id ? page.current : null,
    agent: page.agents.find(about?.agent ?? ''),
    words,
  };
}

/** It can be done now. */
export function possible(id: ActionId, at: At): boolean {
  const deed = deeds[id];
  const elsewhere = at.store === null && at.session !== null;
  if (!(elsewhere && deed.each) && !at.actions.inScope(id)) return false;
  return (at.actions.provided(id) || deed.run !== undefined) && (deed.when?.(at) ?? true);
}

/** Does it, if it can be done now. What goes wrong is said in a toast. */
export async function perform(actions: Actions, id: ActionId, using: With = {}): Promise<void> {
  const at = placeOf(actions, using);
  if (!possible(id, at)) return;
  try {
    await deeds[id].run?.(at);
  } catch (err) {
    actions.page.toast(err instanceof ApiError ? err.detail : t('shell.unexpected'));
  }
}
