import { ApiError } from '../api/client';
import type { Session } from '../fold/types';
import { t } from '../i18n';
import type { PageState } from '../stores/page.svelte';
import { masked } from './mask';
import { paths } from './router.svelte';

/** What screens begin sessions with; what is done with one is in actions/session-deeds.ts. An error is said in a toast. */
export interface SessionActions {
  create(agent?: string): Promise<void>;
  restore(id: string): Promise<void>;
}

const creating = new WeakSet<PageState>();

export function sessionActions(page: PageState): SessionActions {
  return {
    async create(agent) {
      if (creating.has(page)) return; // the key N, held or hit twice, makes one session
      creating.add(page);
      await say(page, async () => {
        const id = await page.sessions.create({ agent: agent ?? page.agents.default });
        page.go(paths.session(id));
      });
      creating.delete(page);
    },
    restore: (id) =>
      say(page, async () => {
        await page.sessions.restore(id);
        if (page.current?.id === id) await page.current.load();
      }),
  };
}

export function titleOf(session: Session): string {
  return session.title === '' ? t('sessions.untitled') : masked(session.title);
}

/** Says what goes wrong in a toast. */
export async function say(page: PageState, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (err) {
    page.toast(err instanceof ApiError ? err.detail : t('shell.unexpected'));
  }
}
