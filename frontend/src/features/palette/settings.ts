import { type SettingsSection, settingsSections } from '../../app/router.svelte';
import { registry } from '../../app/settings/registry';
import { t } from '../../i18n/settings';

export { reveal } from '../../app/settings/reveal';

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
    const rows = registry.filter((s) => s.section === section);
    return [
      { section, name: of, of: '', about: t(`settings.${section}.lede`) },
      ...rows.map((s) => ({ section, name: t(s.name), of, about: s.words ? t(s.words) : '' })),
    ];
  });
}
