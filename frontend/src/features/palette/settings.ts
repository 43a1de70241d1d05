import { type SettingsSection, settingsSections } from '../../app/router.svelte';
import { type SettingsKey, t } from '../../i18n/settings';

/** Single settings by the words that stand beside them, and the section that has them. */
const single: Readonly<Partial<Record<SettingsSection, readonly SettingsKey[]>>> = {
  appearance: ['settings.theme'],
  models: ['settings.new', 'settings.new.effort', 'settings.found', 'settings.custom.add'],
  permissions: ['settings.rules'],
  tools: ['settings.mcp', 'settings.mcp.add'],
  server: ['settings.version', 'settings.restart'],
};

export interface Setting {
  section: SettingsSection;
  name: string;
  /** The section's name; '' = it is the section itself. */
  of: string;
  about: string;
}

/** All sections, each with the settings in it. */
export function settings(): Setting[] {
  return settingsSections.flatMap((section) => {
    const of = t(`settings.${section}`);
    const keys = single[section] ?? [];
    return [
      { section, name: of, of: '', about: t(`settings.${section}.lede`) },
      ...keys.map((key) => ({ section, name: t(key), of, about: '' })),
    ];
  });
}

/** How long a section may take to be drawn. */
const patienceMs = 3000;

/** Brings the setting with that name on the screen into view, and to it the focus, as soon as it is there. */
export function reveal(name: string): void {
  const until = performance.now() + patienceMs;
  const look = () => {
    const all = document.querySelectorAll<HTMLElement>('.doc :is(h2, h3, b, legend, label, button)');
    const found = [...all].find((el) => el.textContent?.trim() === name);
    if (found) {
      found.scrollIntoView({ block: 'center' });
      focusIn(found);
    } else if (performance.now() < until) {
      requestAnimationFrame(look);
    }
  };
  look();
}

/** A button takes it itself; else what belongs to the name does. */
function focusIn(found: HTMLElement): void {
  const field = 'button, select, input, textarea, a[href]';
  const near = found.matches(field) ? found : found.closest('.set, .sec, .item')?.querySelector<HTMLElement>(field);
  near?.focus({ preventScroll: true });
}
