import type { Event } from '../../fold/event';
import type { AwayKey } from '../../i18n/away';
import { asked } from '../asked';
import { masked } from '../mask';
import type { Permission } from '../notify';

/** Something that a person who is not looking may want to hear of. */
export interface News {
  kind: 'ask' | 'end';
  /** One notification for each ask and each turn, whichever tab shows it. */
  tag: string;
  session: string;
  says: AwayKey;
  /** The title of an ask. */
  title: string;
}

/** What this browser shows, and what a person wants. */
export interface Circumstances {
  /** This tab owns the stream. */
  owner: boolean;
  /** A person can see some tab of this browser. */
  visible: boolean;
  /** The session in front of the person. */
  session?: string;
  permission: Permission;
  asks: boolean;
  ends: boolean;
  sound: boolean;
}

export interface Signs {
  notification: boolean;
  tone: boolean;
  /** The person was away and has not said yet whether to be told. */
  missed: boolean;
}

const endings: Partial<Record<string, AwayKey>> = { done: 'away.done', failed: 'away.failed', interrupted: 'away.interrupted' };

/** A turn that a person stopped is no news to them. */
export function newsOf(e: Event): News | null {
  if (e.kind === 'ask_raised') {
    const { id } = e.body.ask;
    return { kind: 'ask', tag: tagOf(id), session: e.session, says: 'away.asks', title: masked(asked(e.body.ask)) };
  }
  const says = e.kind === 'turn_ended' ? endings[e.body.state] : undefined;
  return says && e.turn ? { kind: 'end', tag: tagOf(e.turn), session: e.session, says, title: '' } : null;
}

/** The name under which the notification of an ask or a turn is found again. */
export function tagOf(id: string): string {
  return `hermes:${id}`;
}

/** Which signs are given. Only one tab gives any, and what is in front of the person needs none. */
export function signs(news: News, now: Circumstances): Signs {
  if (!now.owner || (now.visible && now.session === news.session)) return { notification: false, tone: false, missed: false };
  const wanted = news.kind === 'ask' ? now.asks : now.ends;
  return {
    notification: wanted && !now.visible && now.permission === 'granted',
    tone: now.sound,
    missed: !now.visible && now.permission === 'default' && !now.asks && !now.ends,
  };
}
