/** What a preference may be: one of a few words. The first is what holds until a person chooses. */
export const choices = {
  language: ['system', 'en', 'de'],
  text: ['100', '90', '112', '125', '140'], // size of everything, in percent
  density: ['regular', 'compact'],
  face: ['serif', 'sans'], // of answers
  measure: ['column', 'wide'], // how long the lines of answers are
  wrap: ['off', 'on'], // long lines of code
  motion: ['system', 'less'],
  clock: ['system', '24', '12'],
  send: ['enter', 'mod-enter'], // the other one breaks the line
  busy: ['queue', 'steer', 'interrupt'], // what sending means while the agent works
  paste: ['on', 'off'], // a long text that is pasted becomes a file
  spelling: ['on', 'off'],
  ledger: ['closed', 'open'], // finished tool work
  thoughts: ['closed', 'open'],
  usage: ['on', 'off'],
  outline: ['off', 'on'],
  follow: ['on', 'off'], // the transcript keeps to its end while an answer grows
  pictures: ['ask', 'never'], // from other servers
  math: ['on', 'off'],
  diagrams: ['on', 'off'],
  'notify-ask': ['off', 'on'],
  'notify-end': ['off', 'on'],
  sound: ['off', 'on'],
  letters: ['on', 'off'], // keys of a single letter (WCAG 2.1.4)
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type Preference = keyof typeof choices;
export type Choice<P extends Preference> = (typeof choices)[P][number];
type Own = { -readonly [P in Preference]?: Choice<P> };

const name = 'hermes.preferences';

/** What a person prefers on this device. It is kept in the browser and is not an account's matter. */
class Preferences {
  #own = $state.raw<Readonly<Own>>(stored());

  constructor() {
    window.addEventListener('storage', (e) => {
      if (e.key === name || e.key === null) this.#own = stored();
    });
  }

  get<P extends Preference>(of: P): Choice<P> {
    return (this.#own[of] as Choice<P> | undefined) ?? choices[of][0];
  }

  set<P extends Preference>(of: P, choice: Choice<P>): void {
    const { [of]: _, ...rest } = this.#own;
    this.#keep(choice === choices[of][0] ? rest : { ...rest, [of]: choice });
  }

  /** A person chose something else than what holds by itself. */
  changed(of: Preference): boolean {
    return of in this.#own;
  }

  /** A person chose anything at all. */
  get any(): boolean {
    return Object.keys(this.#own).length > 0;
  }

  /** Everything as it was at first. The returned function takes that back. */
  reset(): () => void {
    const before = this.#own;
    this.#keep({});
    return () => this.#keep(before);
  }

  #keep(own: Readonly<Own>): void {
    this.#own = own;
    try {
      localStorage.setItem(name, JSON.stringify(own));
    } catch {
      // Storage is full or forbidden: the choice holds until this tab is closed.
    }
  }
}

export const preferences = new Preferences();

/** What was stored by hand or by another version counts only as far as it makes sense. */
function stored(): Own {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(name) ?? '{}');
    if (typeof all !== 'object' || all === null) return {};
    return Object.fromEntries(Object.entries(all).filter(([of, choice]) => known(of, choice)));
  } catch {
    return {};
  }
}

function known(of: string, choice: unknown): boolean {
  return Object.hasOwn(choices, of) && (choices[of as Preference] as readonly unknown[]).includes(choice);
}
