import { getContext, setContext } from 'svelte';
import type { Session } from '../../fold/types';
import { t } from '../../i18n';
import type { PageState } from '../../stores/page.svelte';
import { preferences } from '../preferences.svelte';
import { type ActionId, actionIds, scopeOf } from './catalogue';
import { Keys } from './keys.svelte';
import { typesNothing } from './strokes';

/** What an action is done with: another session than the open one, words behind a slash command. */
export interface With {
  session?: Session;
  words?: string;
}

/** How long the second stroke may take. */
const twiceMs = 1500;

/** Hears keys and does actions. What a component does itself it provides while it is there. */
export class Actions {
  readonly keys = new Keys();
  /** What lies over the page. */
  overlay = $state<'palette' | 'keys' | null>(null);
  /** The first stroke of two that was pressed; '' = none. */
  pending = $state('');
  readonly #hands = new Map<ActionId, () => unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly page: PageState) {}

  /** Takes over actions until the returned function is called. */
  provide(hands: Partial<Record<ActionId, () => unknown>>): () => void {
    const mine = Object.entries(hands) as [ActionId, () => unknown][];
    for (const [id, run] of mine) this.#hands.set(id, run);
    return () => {
      for (const [id, run] of mine) if (this.#hands.get(id) === run) this.#hands.delete(id);
    };
  }

  /** A component that is there does it. */
  provided(id: ActionId): boolean {
    return this.#hands.has(id);
  }

  /** What it is about is there: a session, a running turn, the list. */
  inScope(id: ActionId): boolean {
    const { current } = this.page;
    const scope = scopeOf(id);
    if (scope === 'list') return !this.page.sessions.loading;
    if (scope === 'live') return current?.live != null;
    if (scope === 'everywhere') return true;
    return current?.calm != null && !current.gone;
  }

  async run(id: ActionId, using: With = {}): Promise<void> {
    const mine = using.words === undefined && (using.session?.id ?? this.page.route.id) === this.page.route.id;
    const hand = mine ? this.#hands.get(id) : undefined;
    if (hand) {
      hand();
      return;
    }
    try {
      const { perform } = await import('./perform');
      await perform(this, id, using);
    } catch {
      this.page.toast(t('shell.not-loaded'));
    }
  }

  /** Hears keys until the returned function is called. Call it before components hear theirs. */
  listen(): () => void {
    const press = (e: KeyboardEvent) => this.#press(e);
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }

  /** The press belongs to an action that is heard everywhere: a component leaves it alone. */
  claims(e: KeyboardEvent): boolean {
    const s = this.keys.stroke(e);
    return s !== '' && this.#heard(e, s).some((id) => this.keys.of(id) === s);
  }

  #press(e: KeyboardEvent): void {
    const s = this.keys.stroke(e);
    if (s === '' || e.repeat) return;
    const first = this.pending;
    this.#wait('');
    if (e.defaultPrevented) return;
    const whole = first === '' ? s : `${first} ${s}`;
    const heard = this.#heard(e, whole);
    const id = heard.find((x) => this.keys.of(x) === whole);
    if (id) {
      e.preventDefault();
      void this.run(id);
    } else if (heard.some((x) => this.keys.of(x).startsWith(`${whole} `))) {
      if (s !== 'Escape') e.preventDefault(); // the first Escape still means what it means elsewhere
      this.#wait(whole);
    } else if (first !== '' && !typesNothing(first)) {
      e.preventDefault(); // a slip after the first stroke must not allow or delete something
    }
  }

  #wait(stroke: string): void {
    clearTimeout(this.#timer);
    this.pending = stroke;
    if (stroke === '') return;
    this.#timer = setTimeout(() => {
      this.pending = '';
    }, twiceMs);
  }

  /** Actions whose keys are these strokes or begin with them, and count where the press came from. */
  #heard(e: KeyboardEvent, strokes: string): ActionId[] {
    const quiet = typing(e.target) || preferences.get('letters') === 'off';
    const heard = actionIds.filter((id) => {
      const keys = this.keys.of(id);
      if (keys !== strokes && !keys.startsWith(`${strokes} `)) return false;
      if (['ask', 'composer'].includes(scopeOf(id)) || !this.inScope(id)) return false;
      return !quiet || keys.split(' ').every(typesNothing);
    });
    // The whole page is searched for what covers it: not for each letter that somebody types.
    if (heard.length === 0 || document.querySelector('dialog[open], [popover]:popover-open') === null) return heard;
    return heard.filter((id) => id === 'palette.open');
  }
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

const key = Symbol('actions');

export function setActions(actions: Actions): Actions {
  return setContext(key, actions);
}

export function getActions(): Actions {
  return getContext<Actions>(key);
}

/** The keys of this device, also for a component that stands outside of the page. */
export function getKeys(): Keys {
  return getContext<Actions | undefined>(key)?.keys ?? new Keys();
}
