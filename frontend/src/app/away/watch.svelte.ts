import { untrack } from 'svelte';
import type { Event } from '../../fold/event';
import { t } from '../../i18n/away';
import type { PageState } from '../../stores/page.svelte';
import type { Actions } from '../actions/actions.svelte';
import { masked } from '../mask';
import { close, permission, show, tone } from '../notify';
import { preferences } from '../preferences.svelte';
import { paths } from '../router.svelte';
import { type Circumstances, type News, newsOf, signs, tagOf } from './attention';
import { drawBadge, drawMark, markState } from './mark';
import { offer } from './offer.svelte';
import { update } from './update.svelte';

/** An ask that a rule or another device answers at once is no news. */
const settleMs = 400;

/** Looks after the page while nobody looks at it. Returns how to end that. */
export function watch(page: PageState, actions: Actions): () => void {
  const open = (session: string) => page.go(paths.session(session));
  const ends = [
    update.begin(open),
    page.connection_.onEvents((batch) => hear(page, batch, open)),
    seen(page),
    $effect.root(() => {
      $effect(() => tab(page));
      $effect(() => back(page));
    }),
  ];
  if (location.search === '?new') beginNew(page, actions);
  return () => {
    for (const end of ends) end();
  };
}

function tab(page: PageState): void {
  const asks = page.sessions.asks.length;
  drawMark(markState({ asks, connection: page.connection, working: page.sessions.rows.some((s) => s.live !== null) }));
  drawBadge(asks);
}

/** What could not be loaded or saved while the server was away. */
let lost = false;
function back(page: PageState): void {
  const state = page.connection;
  untrack(() => {
    if (state !== 'live') {
      lost ||= state === 'lost' || state === 'starting';
      return;
    }
    if (lost) update.again();
    lost = false;
    void page.recover();
  });
}

function hear(page: PageState, batch: readonly Event[], open: (session: string) => void): void {
  for (const e of batch) {
    if (e.kind === 'ask_closed') void close((tag) => tag === tagOf(e.body.ask));
    const news = newsOf(e);
    if (news) setTimeout(() => tell(page, news, open), settleMs);
  }
}

function tell(page: PageState, news: News, open: (session: string) => void): void {
  if (news.kind === 'ask' && !page.sessions.asks.some((ask) => tagOf(ask.id) === news.tag)) return;
  const now: Circumstances = {
    ...page.connection_.presence(),
    permission: permission(),
    asks: preferences.get('notify-ask') === 'on',
    ends: preferences.get('notify-end') === 'on',
    sound: preferences.get('sound') === 'on',
  };
  const given = signs(news, now);
  if (given.missed) offer.missed();
  if (given.tone) tone();
  if (!given.notification) return;
  const { session, tag } = news;
  const title = masked(page.sessions.titleOf(session)) || t('away.name');
  void show({ title, body: t(news.says, { title: news.title }), tag, session }, () => open(session));
}

/** Who has a session in front of them needs no notification about it any more. */
function seen(page: PageState): () => void {
  const look = () => {
    const { id } = page.route;
    if (!document.hidden && id !== undefined) void close((_, session) => session === id);
  };
  document.addEventListener('visibilitychange', look);
  return () => document.removeEventListener('visibilitychange', look);
}

/** The shortcut of the installed page. */
function beginNew(page: PageState, actions: Actions): void {
  page.router.go(paths.home, 'replace');
  history.replaceState(null, '', location.pathname);
  void actions.run('session.new');
}
