import type { SettingsSection } from '../../app/router.svelte';
import { t } from '../../i18n/settings';
import { AutostartStore } from '../../stores/autostart.svelte';
import { HealthStore } from '../../stores/health.svelte';
import { McpStore } from '../../stores/mcp.svelte';
import type { PageState } from '../../stores/page.svelte';
import { RulesStore } from '../../stores/rules.svelte';
import { FoundStore, SettingsStore } from '../../stores/settings.svelte';

/** What the screens of Settings share. It lives as long as the page. */
export class SettingsState {
  readonly all = new SettingsStore();
  readonly rules = new RulesStore();
  readonly mcp = new McpStore();
  readonly found = new FoundStore();
  readonly health = new HealthStore();
  readonly autostart = new AutostartStore();

  constructor(private readonly page: PageState) {
    page.connection_.onTopic((topic) => this.#changed(topic));
  }

  /** Other tabs and sessions change the same things. */
  #changed(topic: string): void {
    if (topic === 'rules') void this.rules.load();
    if (topic === 'health') this.health.changed();
    if (topic === 'autostart') this.autostart.changed();
    if (topic !== 'agents') return;
    void this.all.load();
    void this.mcp.load();
  }

  /** Brings what the index counts, and what a person set. */
  load(): void {
    void this.all.load();
    void this.rules.load();
    void this.mcp.load();
  }

  /** The amount behind a section in the index; undefined: none. */
  amount(section: SettingsSection): string | undefined {
    const { page } = this;
    if (section === 'models') return count(page.providers.items.filter((p) => p.ready).length);
    if (section === 'agents') return count(page.agents.items.length);
    if (section === 'permissions') return count(this.rules.items.length);
    if (section === 'tools') return count(this.mcp.items.length);
    return section === 'health' && page.unwell > 0 ? t('shell.unwell', { n: page.unwell }) : undefined;
  }
}

const count = (n: number) => (n === 0 ? undefined : String(n));

export const groups: readonly { name: () => string; sections: readonly SettingsSection[] }[] = [
  { name: () => t('settings.device'), sections: ['appearance', 'reading', 'writing', 'notices'] },
  { name: () => t('settings.this-server'), sections: ['models', 'agents', 'permissions', 'tools'] },
  { name: () => t('settings.more'), sections: ['advanced', 'health'] },
];
