import { words } from '.';
import { settings } from './en.settings';
import { shell } from './en.shell';

const en = { ...shell, ...settings } as const;

export type SettingsKey = keyof typeof en;

/** The words of Settings: they are loaded with it. */
export const t = words<SettingsKey>(en);
