import { type ActionId, actionIds, catalogue } from './catalogue';
import { type Press, reserved, sign, stroke } from './strokes';

const name = 'hermes.keys';

/** Which key does what, on this device. */
export class Keys {
  readonly mac: boolean;
  #own = $state.raw<Readonly<Partial<Record<ActionId, string>>>>({});

  constructor(platform = navigator.platform) {
    this.mac = /^(Mac|iP)/.test(platform);
    this.#own = stored();
    window.addEventListener('storage', (e) => {
      if (e.key === name) this.#own = stored();
    });
  }

  /** The strokes of an action, separated by a space. */
  of(id: ActionId): string {
    return this.#own[id] ?? catalogue[id][0];
  }

  /** The key as people read it. */
  shown(id: ActionId): string {
    return this.signs(this.of(id)).join(' ');
  }

  /** One sign for each stroke. */
  signs(keys: string): string[] {
    return keys.split(' ').map((s) => sign(s, this.mac));
  }

  stroke(e: Press): string {
    return stroke(e, this.mac);
  }

  /** The press is the key of the action; for components that look at keys themselves. */
  hit(e: Press, id: ActionId): boolean {
    return this.stroke(e) === this.of(id);
  }

  /** Another one than in the catalogue. */
  changed(id: ActionId): boolean {
    return id in this.#own;
  }

  /** Who has these strokes already, or strokes that begin with them or that they begin with. */
  clash(keys: string, mine: ActionId): ActionId | undefined {
    return actionIds.find((id) => id !== mine && within(this.of(id), keys));
  }

  /** null: the key of the catalogue again. The caller has asked clash() before. */
  set(id: ActionId, keys: string | null): void {
    const { [id]: _, ...rest } = this.#own;
    this.#keep(keys === null || keys === catalogue[id][0] ? rest : { ...rest, [id]: keys });
  }

  reset(): void {
    this.#keep({});
  }

  #keep(own: Partial<Record<ActionId, string>>): void {
    this.#own = own;
    try {
      localStorage.setItem(name, JSON.stringify(own));
    } catch {
      // Storage is full or forbidden: the keys hold until this tab is closed.
    }
  }
}

/** Both are the same, or one begins with the other: then the longer one could never be pressed. */
export function within(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** What was stored by hand or by another version counts only as far as it makes sense. */
function stored(): Partial<Record<ActionId, string>> {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(name) ?? '{}');
    if (typeof all !== 'object' || all === null) return {};
    return Object.fromEntries(
      Object.entries(all).filter(
        ([id, keys]) =>
          Object.hasOwn(catalogue, id) &&
          typeof keys === 'string' &&
          /^\S+( \S+)?$/.test(keys) &&
          !keys.split(' ').some(reserved),
      ),
    );
  } catch {
    return {};
  }
}
