import { describe, expect, it } from 'vitest';
import type { Event } from '../../fold/event';
import { type Circumstances, type News, newsOf, signs, tagOf } from './attention';

const event = (kind: string, body: object): Event =>
  ({ seq: 1, at: '', session: 'ses_1', turn: 'trn_1', kind, body }) as unknown as Event;
const ask: News = { kind: 'ask', tag: 'hermes:ask_1', session: 'ses_1', says: 'away.asks', title: 'Run a command' };
const end: News = { kind: 'end', tag: 'hermes:trn_1', session: 'ses_1', says: 'away.done', title: '' };
const away: Circumstances = { owner: true, visible: false, permission: 'granted', asks: true, ends: true, sound: true };
const none = { notification: false, tone: false, missed: false };

describe('what is news', () => {
  it('an ask, with its title and nothing of what it is about', () => {
    const raised = event('ask_raised', { ask: { id: 'ask_1', title: 'Run a command', command: 'echo secret', why: 'because' } });
    expect(newsOf(raised)).toEqual(ask);
  });

  it.each([
    ['done', 'away.done'],
    ['failed', 'away.failed'],
    ['interrupted', 'away.interrupted'],
  ])('a turn that ended as %s', (state, says) => {
    expect(newsOf(event('turn_ended', { state, error: null }))).toEqual({ ...end, says });
  });

  it('not a turn that was stopped, nor anything else', () => {
    expect(newsOf(event('turn_ended', { state: 'stopped', error: null }))).toBeNull();
    expect(newsOf(event('turn_started', {}))).toBeNull();
    expect(newsOf(event('ask_closed', { ask: 'ask_1' }))).toBeNull();
  });

  it('asks and turns have names of their own', () => {
    expect(tagOf('ask_1')).not.toBe(tagOf('trn_1'));
  });
});

describe('which signs are given', () => {
  it.each<[string, News, Partial<Circumstances>, Partial<typeof none>]>([
    ['no page is visible', ask, {}, { notification: true, tone: true }],
    ['an end, too', end, {}, { notification: true, tone: true }],
    ['another tab owns the stream', ask, { owner: false }, {}],
    ['the session is in front of the person', ask, { visible: true, session: 'ses_1' }, {}],
    ['another session is in front: a tone only', ask, { visible: true, session: 'ses_2' }, { tone: true }],
    ['only ends are wanted', ask, { asks: false }, { tone: true }],
    ['only asks are wanted', end, { ends: false }, { tone: true }],
    ['no sound', ask, { sound: false }, { notification: true }],
    ['the browser does not allow it', ask, { permission: 'denied' }, { tone: true }],
    ['nothing was chosen yet', ask, { permission: 'default', asks: false, ends: false, sound: false }, { missed: true }],
    [
      'nothing chosen, but somebody sees it',
      end,
      { permission: 'default', visible: true, asks: false, ends: false, sound: false },
      {},
    ],
    [
      'nothing chosen in a tab that does not own the stream',
      ask,
      { owner: false, permission: 'default', asks: false, ends: false },
      {},
    ],
    ['there are no notifications here', ask, { permission: 'unsupported', asks: false, ends: false, sound: false }, {}],
  ])('%s', (_, news, now, given) => {
    expect(signs(news, { ...away, ...now })).toEqual({ ...none, ...given });
  });
});
