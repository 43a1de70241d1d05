import { api } from '../../api/client';
import { newId } from '../../api/id';
import type { Session } from '../../fold/types';
import { t } from '../../i18n';
import type { PageState } from '../../stores/page.svelte';
import { paths } from '../router.svelte';
import { say, sessionActions, titleOf } from '../session-actions';

/** What is done with a session, be it open or not. What goes wrong is thrown. */
export const rename = (page: PageState, s: Session, title: string) => page.sessions.patch(s.id, { title });

export const pin = (page: PageState, s: Session) => page.sessions.patch(s.id, { pinned: !s.pinned });

/** Begins a session with the same agent, model and workspace, and opens it. */
export async function again(page: PageState, { agent, model, effort, workspace }: Session): Promise<void> {
  page.go(paths.session(await page.sessions.create({ agent, model, effort, workspace })));
}

/** Makes a session that goes on from its last turn, and opens it. */
export async function fork(page: PageState, s: Session): Promise<void> {
  if (s.head === null) return;
  const id = newId('ses_');
  await api.sessions.fork({ session: s.id, turn: s.head }, id);
  page.go(paths.session(id));
}

export async function archive(page: PageState, s: Session): Promise<void> {
  await page.sessions.patch(s.id, { archived: true });
  leave(page, s.id);
  page.toast(t('sessions.archived', { title: titleOf(s) }), {
    label: t('shell.undo'),
    run: () => void say(page, () => page.sessions.patch(s.id, { archived: false })),
  });
}

export async function trash(page: PageState, s: Session): Promise<void> {
  await page.sessions.remove(s.id);
  leave(page, s.id);
  const kept = page.agents.find(s.agent)?.can.delete && s.stored.length > 0;
  const agent = page.agents.find(s.agent)?.name ?? '';
  page.toast(t(kept ? 'sessions.trashed.kept' : 'sessions.trashed', { title: titleOf(s), agent }), {
    label: t('shell.undo'),
    run: () => void sessionActions(page).restore(s.id),
  });
}

/** Goes home from a session that has just been put away. */
function leave(page: PageState, id: string): void {
  if (page.route.id === id) page.go(paths.home);
}
