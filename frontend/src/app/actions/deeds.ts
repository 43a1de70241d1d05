import type { Agent } from '../../api/client';
import type { Session, Turn } from '../../fold/types';
import type { PaletteKey } from '../../i18n/palette';
import type { Transcript } from '../../stores/transcript.svelte';
import { copyText } from '../../ui/copy';
import { aids } from '../aids.svelte';
import { preferences } from '../preferences.svelte';
import { href, paths } from '../router.svelte';
import { quotation, selectedWords } from '../selected';
import { sessionActions } from '../session-actions';
import { theme } from '../theme.svelte';
import { viewport } from '../viewport.svelte';
import type { Actions } from './actions.svelte';
import type { ActionId } from './catalogue';
import { nextRegion } from './regions';
import { again, archive, fork, pin, rename, trash } from './session-deeds';

/** The groups of actions, in the order of the sheet of keys. */
export const groups = ['go', 'list', 'session', 'prompt', 'turn', 'ask', 'look'] as const;
export type Group = (typeof groups)[number];

/** What an action is done with. */
export interface At {
  readonly actions: Actions;
  /** The session that it is about: the open one, or the one whose menu it is. */
  readonly session: Session | null;
  /** The open session; null when the action is about another one. */
  readonly store: Transcript | null;
  readonly agent: Agent | undefined;
  /** What stands behind a slash command; '' = nothing. */
  readonly words: string;
}

/** What words behind a slash command are. */
export type Takes = 'title' | 'words' | 'model' | 'effort' | 'path' | 'theme';

export interface Deed {
  words: PaletteKey;
  group: Group;
  /** It makes sense now, beyond what its scope says. */
  when?: (at: At) => boolean;
  /** Absent: a component does it, as long as it is there. */
  run?: (at: At) => unknown;
  /** It stands in the menu of any session. */
  each?: true;
  /** Its name after a slash, and what may stand behind it. */
  slash?: { name: string; takes?: Takes; needs?: true };
}

/** The one registry: what each action of the catalogue is called and does. */
export const deeds: Readonly<Record<ActionId, Deed>> = {
  'palette.open': { words: 'do.palette', group: 'go', run: ({ actions }) => show(actions, 'palette') },
  'keys.show': { words: 'do.keys', group: 'go', run: ({ actions }) => show(actions, 'keys'), slash: { name: 'help' } },
  'session.new': {
    words: 'do.new',
    group: 'go',
    run: ({ actions }) => sessionActions(actions.page).create(),
    slash: { name: 'new' },
  },
  'go.sessions': { words: 'do.sessions', group: 'go', run: ({ actions }) => actions.page.go(paths.home) },
  'go.settings': { words: 'do.settings', group: 'go', run: ({ actions }) => actions.page.go(paths.settings) },

  'go.shelf': { words: 'do.shelf', group: 'go', run: ({ actions }) => actions.page.go(paths.shelf) },
  'go.region': { words: 'do.region', group: 'go', run: () => nextRegion(1) },
  'go.region.back': { words: 'do.region.back', group: 'go', run: () => nextRegion(-1) },
  'go.server': {
    words: 'do.server',
    group: 'go',
    run: ({ actions }) => actions.page.go(paths.setting('health')),
    slash: { name: 'status' },
  },

  'theme.light': { words: 'do.light', group: 'look', run: () => paper('light') },
  'theme.dark': { words: 'do.dark', group: 'look', run: () => paper('dark') },
  'theme.system': {
    words: 'do.system',
    group: 'look',
    run: ({ words }) => paper(sheets.find((x) => x === words) ?? 'system'),
    slash: { name: 'theme', takes: 'theme', needs: true },
  },

  'list.filter': { words: 'do.filter', group: 'list' },
  'list.hide': { words: 'do.hide', group: 'list' },
  'list.next': { words: 'do.next', group: 'list' },
  'list.previous': { words: 'do.previous', group: 'list' },
  'list.waiting': {
    words: 'do.waiting',
    group: 'list',
    when: ({ actions }) => actions.page.sessions.asks.length > 0,
    run: ({ actions }) => goWaiting(actions),
  },

  'session.write': {
    words: 'do.write',
    group: 'session',
    run: ({ actions, store, words }) => {
      if (!store || words === '') return;
      const { text } = store.draft;
      store.draft.text = /(?:^|\s)$/.test(text) ? text + words : `${text} ${words}`;
      store.draft.touch();
      void actions.run('session.write');
    },
  },
  'session.rename': {
    words: 'do.rename',
    group: 'session',
    slash: { name: 'title', takes: 'title', needs: true },
    run: ({ actions, session, words }) => session && words !== '' && rename(actions.page, session, words),
  },
  'session.pin': {
    words: 'do.pin',
    group: 'session',
    each: true,
    run: ({ actions, session }) => session && pin(actions.page, session),
  },
  'session.fork': {
    words: 'do.fork',
    group: 'session',
    each: true,
    when: ({ session, agent }) => session?.head != null && agent?.can.rewind !== 'none',
    run: ({ actions, session }) => session && fork(actions.page, session),
    slash: { name: 'fork' },
  },
  'session.again': {
    words: 'do.again',
    group: 'session',
    run: ({ actions, session }) => session && again(actions.page, session),
    slash: { name: 'clear' },
  },
  'session.usage': { words: 'do.usage', group: 'session', slash: { name: 'usage' } },
  'session.link': {
    words: 'do.link',
    group: 'session',
    each: true,
    run: ({ actions, session }) => session && copy(actions, new URL(href(paths.session(session.id)), location.href).href),
  },
  'session.agent': { words: 'do.agent', group: 'session', when: ({ store }) => store?.calm?.turns.length === 0 },
  'session.model': {
    words: 'do.model',
    group: 'session',
    run: ({ actions, session, words }) => session && words !== '' && setModel(actions, session, words),
    slash: { name: 'model', takes: 'model' },
  },
  'session.effort': {
    words: 'do.effort',
    group: 'session',
    when: ({ actions, session }) => effortsOf(actions, session).length > 0,
    run: ({ actions, session, words }) => session && words !== '' && actions.page.sessions.patch(session.id, { effort: words }),
    slash: { name: 'effort', takes: 'effort' },
  },
  'session.workspace': {
    words: 'do.workspace',
    group: 'session',
    run: ({ actions, session, words }) =>
      session && words !== '' && actions.page.sessions.patch(session.id, { workspace: words }),
    slash: { name: 'workspace', takes: 'path' },
  },
  'session.compress': {
    words: 'do.compress',
    group: 'session',
    when: ({ store, agent }) => agent?.can.compress === true && (store?.calm?.turns.length ?? 0) > 0,
    run: ({ actions, store, words }) => {
      store?.compress(words);
      void actions.run('turn.latest');
    },
    slash: { name: 'compress', takes: 'words' },
  },
  'session.archive': {
    words: 'do.archive',
    group: 'session',
    each: true,
    run: ({ actions, session }) => session && archive(actions.page, session),
    slash: { name: 'archive' },
  },
  'session.trash': {
    words: 'do.trash',
    group: 'session',
    each: true,
    run: ({ actions, session }) => session && trash(actions.page, session),
    slash: { name: 'trash' },
  },

  'prompt.send': {
    words: 'do.send',
    group: 'prompt',
    when: written,
    run: say('queue'),
    slash: { name: 'queue', takes: 'words', needs: true },
  },
  'prompt.steer': {
    words: 'do.steer',
    group: 'prompt',
    when: (at) => written(at) && at.store?.live != null && at.agent?.can.steer === true && at.store.calm?.asks.length === 0,
    run: say('steer'),
    slash: { name: 'steer', takes: 'words', needs: true },
  },
  'prompt.interrupt': {
    words: 'do.interrupt',
    group: 'prompt',
    when: (at) => written(at) && at.store?.live != null,
    run: say('interrupt'),
    slash: { name: 'interrupt', takes: 'words', needs: true },
  },
  'prompt.edit': { words: 'do.edit', group: 'prompt', when: (at) => rewindable(at) !== undefined },
  'prompt.earlier': { words: 'do.earlier', group: 'prompt' },
  'prompt.later': { words: 'do.later', group: 'prompt' },
  'prompt.quote': {
    words: 'do.quote',
    group: 'prompt',
    when: ({ store }) => store !== null && selectedWords() !== '',
    run: ({ actions, store }) => {
      if (!store) return;
      const before = store.draft.text.trimEnd();
      store.draft.text = `${before === '' ? '' : `${before}\n\n`}${quotation(selectedWords())}`;
      store.draft.touch();
      getSelection()?.removeAllRanges();
      void actions.run('session.write');
    },
  },
  'prompt.attach': { words: 'do.attach', group: 'prompt' },

  'turn.stop': { words: 'do.stop', group: 'turn', when: ({ store }) => store?.live != null, slash: { name: 'stop' } },
  'turn.retry': {
    words: 'do.retry',
    group: 'turn',
    when: (at) => rewindable(at) !== undefined,
    run: (at) => {
      const last = rewindable(at);
      if (!last) return;
      at.store?.regenerate(last);
      void at.actions.run('turn.latest');
    },
    slash: { name: 'retry' },
  },
  'turn.undo': { words: 'do.undo', group: 'turn', when: (at) => rewindable(at) !== undefined, slash: { name: 'undo' } },
  'turn.copy': {
    words: 'do.copy',
    group: 'turn',
    when: ({ store }) => answerOf(store) !== '',
    run: ({ actions, store }) => copy(actions, answerOf(store)),
    slash: { name: 'copy' },
  },
  'turn.latest': { words: 'do.latest', group: 'turn', when: ({ store }) => (store?.calm?.turns.length ?? 0) > 0 },
  'turn.find': {
    words: 'do.find',
    group: 'turn',
    run: ({ words }) => {
      aids.find = { words };
    },
    slash: { name: 'find', takes: 'words' },
  },
  'turn.outline': { words: 'do.outline', group: 'turn', run: outline },
  'queue.go': {
    words: 'do.queue',
    group: 'turn',
    when: ({ store }) => store?.calm?.queue.held === true,
    run: ({ store }) => store?.queueContinue(),
  },

  'ask.allow': { words: 'do.allow', group: 'ask' },
  'ask.deny': { words: 'do.deny', group: 'ask' },
  'ask.edit': { words: 'do.ask-edit', group: 'ask' },
};

/** Levels of effort of the model that the session's next prompt goes to. */
export function effortsOf(actions: Actions, session: Session | null): readonly string[] {
  return session ? actions.page.agents.effortsOf(session) : [];
}

function show(actions: Actions, what: 'palette' | 'keys'): void {
  actions.overlay = what;
}

/** What can stand behind /theme. */
export const sheets = ['light', 'dark', 'system'] as const;

function paper(name: (typeof sheets)[number]): void {
  theme.value = name;
}

/** Beside the transcript it stays until it is put away; over it, it is looked at once. */
function outline(): void {
  if (!viewport.wide) aids.sheet = true;
  else preferences.set('outline', preferences.get('outline') === 'on' ? 'off' : 'on');
}

/** An effort that the next model does not have is dropped. */
function setModel(actions: Actions, session: Session, id: string): Promise<void> {
  return actions.page.sessions.patch(session.id, { model: id, effort: actions.page.agents.effortFor(session, id) });
}

/** There is something to say: words behind a command, or a draft. */
function written({ store, words }: At): boolean {
  return words !== '' || (store !== null && store.draft.text.trim() !== '');
}

/** Says the words, or what is written, in this way. */
function say(mode: 'queue' | 'steer' | 'interrupt') {
  return ({ actions, store, words }: At) => {
    if (!store) return;
    if (words !== '') store.draft.text = words;
    store.send(mode);
    void actions.run('turn.latest');
  };
}

/** The last turn, where it can be answered anew or taken back. */
function rewindable({ store, agent }: At): Turn | undefined {
  const last = store?.snap?.turns.at(-1);
  return last && store?.live === null && last.prompt.text !== '' && !last.compress && agent?.can.rewind !== 'none'
    ? last
    : undefined;
}

function answerOf(store: Transcript | null): string {
  const parts = store?.snap?.turns.at(-1)?.parts ?? [];
  const texts = parts.flatMap((p) => (p.kind === 'text' && p.parent === null ? [p.text.trim()] : []));
  return texts.filter((x) => x !== '').join('\n\n');
}

async function copy(actions: Actions, text: string): Promise<void> {
  const { words } = await import('../../i18n/palette');
  actions.page.toast(words((await copyText(text)) ? 'do.copied' : 'do.copied.not'));
}

/** The session that has waited longest; from there the next one. */
function goWaiting({ page }: Actions): void {
  const ids = [...new Set(page.sessions.asks.map((a) => a.session))];
  const next = ids[(ids.indexOf(page.route.id ?? '') + 1) % ids.length];
  if (next !== undefined) page.go(paths.session(next));
}
