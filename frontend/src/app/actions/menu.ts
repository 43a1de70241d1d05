import type { Session } from '../../fold/types';
import { t } from '../../i18n';
import type { MenuItem } from '../../ui/Menu.svelte';
import type { Actions } from './actions.svelte';
import type { ActionId } from './catalogue';

/** The menu of a session, from the registry. `rename` begins it where the menu is. */
export function sessionMenu(actions: Actions, session: Session | null, rename: () => void): MenuItem[] {
  if (!session) return [];
  const open = actions.page.current?.id === session.id;
  const item = (id: ActionId, label: string, more: Partial<MenuItem> = {}): MenuItem => ({
    label,
    run: () => void actions.run(id, { session }),
    ...(open && { note: actions.keys.shown(id) }),
    ...more,
  });
  return [
    item('session.rename', t('sessions.rename'), { run: rename }),
    item('session.pin', t(session.pinned ? 'sessions.unpin' : 'sessions.pin')),
    ...(session.head === null ? [] : [item('session.fork', t('sessions.fork'))]),
    item('session.link', t('sessions.link')),
    ...(open ? [item('turn.find', t('sessions.find')), item('turn.outline', t('sessions.outline'))] : []),
    item('session.archive', t('sessions.archive')),
    item('session.trash', t('sessions.trash'), { apart: true }),
  ];
}
