import { ApiError } from '../api/client';
import type { Session } from '../fold/types';
import { t } from '../i18n';
import type { PageState } from '../stores/page.svelte';
import { paths } from './router.svelte';

/** What the list and the head do with a session. An error is said in a toast. */
export interface SessionActions {
  create(agent?: string): Promise<void>;
  rename(id: string, title: string): Promise<void>;
  pin(session: Session): Promise<void>;
  archive(session: Session): Promise<void>;
  trash(session: Session): Promise<void>;
  restore(id: string): Promise<void>;
}

export function sessionActions(page: PageState): SessionActions {
  let creating = false;
  const actions: SessionActions = {
    async create(agent) {
      if (creating) return; // the key N, held or hit twice, makes one session
      creating = true;
      await say(page, async () => {
        const id = await page.sessions.create({ agent: agent ?? page.agents.default });
        page.go(paths.session(id));
      });
      creating = false;
    },
    rename: (id, title) => say(page, () => page.sessions.patch(id, { title })),
    pin: (session) => say(page, () => page.sessions.patch(session.id, { pinned: !session.pinned })),
    archive: (session) =>
      say(page, async () => {
        await page.sessions.patch(session.id, { archived: true });
        leave(page, session.id);
        page.toast(t('sessions.archived', { title: titleOf(session) }), {
          label: t('shell.undo'),
          run: () => void say(page, () => page.sessions.patch(session.id, { archived: false })),
        });
      }),
    trash: (session) =>
      say(page, async () => {
        await page.sessions.remove(session.id);
        leave(page, session.id);
        page.toast(t('sessions.trashed', { title: titleOf(session) }), {
          label: t('shell.undo'),
          run: () => void actions.restore(session.id),
        });
      }),
    restore: (id) =>
      say(page, async () => {
        await page.sessions.restore(id);
        if (page.current?.id === id) await page.current.load();
      }),
  };
  return actions;
}

export function titleOf(session: Session): string {
  return session.title === '' ? t('sessions.untitled') : session.title;
}

/** Goes home from a session that has just been put away. */
function leave(page: PageState, id: string): void {
  if (page.route.id === id) page.go(paths.home);
}

async function say(page: PageState, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (err) {
    page.toast(err instanceof ApiError ? err.detail : t('shell.unexpected'));
  }
}
