/**
 * Where the key of an action counts. `ask` and `composer` are keys of a
 * component, which looks at them itself; the others are heard everywhere.
 */
export type Scope = 'everywhere' | 'list' | 'session' | 'live' | 'ask' | 'composer';

/**
 * Every action of the page: its key until a person sets another one, and where
 * that counts. A key is one or two strokes, see stroke() in strokes.ts. What the
 * actions are called and do is in deeds.ts, which is loaded on first use.
 */
export const catalogue = {
  'palette.open': ['Mod+K', 'everywhere'],
  'keys.show': ['?', 'everywhere'],
  'session.new': ['N', 'everywhere'],
  'go.sessions': ['G S', 'everywhere'],
  'go.settings': ['G ,', 'everywhere'],
  'go.shelf': ['G A', 'everywhere'],
  'go.server': ['G H', 'everywhere'],
  'theme.light': ['T L', 'everywhere'],
  'theme.dark': ['T D', 'everywhere'],
  'theme.system': ['T S', 'everywhere'],
  'list.filter': ['/', 'list'],
  'list.hide': ['B', 'list'],
  'list.next': ['J', 'list'],
  'list.previous': ['K', 'list'],
  'list.waiting': ['G W', 'list'],
  'session.write': ['C', 'session'],
  'session.rename': ['F2', 'session'],
  'session.pin': ['S P', 'session'],
  'session.fork': ['S F', 'session'],
  'session.again': ['S N', 'session'],
  'session.usage': ['S I', 'session'],
  'session.link': ['S C', 'session'],
  'session.agent': ['S G', 'session'],
  'session.model': ['S M', 'session'],
  'session.effort': ['S E', 'session'],
  'session.workspace': ['S W', 'session'],
  'session.compress': ['S H', 'session'],
  'session.archive': ['S A', 'session'],
  'session.trash': ['S T', 'session'],
  'prompt.send': ['Enter', 'composer'],
  'prompt.steer': ['Mod+Enter', 'live'],
  'prompt.interrupt': ['Mod+Shift+Enter', 'live'],
  'prompt.edit': ['ArrowUp', 'composer'],
  'prompt.earlier': ['Alt+ArrowUp', 'composer'],
  'prompt.later': ['Alt+ArrowDown', 'composer'],
  'prompt.quote': ['Shift+Q', 'session'],
  'prompt.attach': ['S U', 'session'],
  'turn.stop': ['Escape Escape', 'live'],
  'turn.retry': ['R', 'session'],
  'turn.undo': ['U', 'session'],
  'turn.copy': ['Y', 'session'],
  'turn.latest': ['L', 'session'],
  'turn.find': ['Mod+F', 'session'],
  'turn.outline': ['O', 'session'],
  'queue.go': ['Q', 'session'],
  'ask.allow': ['A', 'ask'],
  'ask.deny': ['D', 'ask'],
  'ask.edit': ['E', 'ask'],
  'go.region': ['F6', 'everywhere'],
  'go.region.back': ['Shift+F6', 'everywhere'],
} as const satisfies Record<string, readonly [keys: string, scope: Scope]>;

export type ActionId = keyof typeof catalogue;

export const actionIds = Object.keys(catalogue) as ActionId[];

export function scopeOf(id: ActionId): Scope {
  return catalogue[id][1];
}
