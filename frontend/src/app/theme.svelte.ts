export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

const name = 'hermes.theme';

/** --bg-0, for what the browser draws around the page; in index.html too. */
const sheets = { light: '#fdfbf9', dark: '#191614' };

/** The sheet of this device: paper, lamp, or what the system says. It is not an account's matter. */
class ThemeChoice {
  #value = $state<Theme>(stored());

  constructor() {
    apply(this.#value);
    window.addEventListener('storage', (e) => {
      if (e.key === name) this.#take(stored());
    });
  }

  get value(): Theme {
    return this.#value;
  }

  set value(theme: Theme) {
    try {
      if (theme === 'system') localStorage.removeItem(name);
      else localStorage.setItem(name, theme);
    } catch {
      // Storage is full or forbidden: the choice holds until this tab is closed.
    }
    this.#take(theme);
  }

  #take(theme: Theme): void {
    this.#value = theme;
    apply(theme);
  }
}

export const theme = new ThemeChoice();

function stored(): Theme {
  try {
    const value = localStorage.getItem(name);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = sheets[theme === 'system' ? own : theme];
  }
}
