import { t } from '../../i18n/settings';

/** A value of an MCP server as it is edited. A stored one is known by name only. */
export interface SecretLine {
  name: string;
  value: string;
  stored: boolean;
}

export function linesOf(names: readonly string[]): SecretLine[] {
  return names.map((name) => ({ name, value: '', stored: true }));
}

/** What is sent: null keeps the stored value, a name that is missing is removed. A string says what is wrong. */
export function valuesOf(lines: readonly SecretLine[]): Record<string, string | null> | string {
  const out: Record<string, string | null> = {};
  for (const line of lines) {
    const name = line.name.trim();
    if (name === '' && line.value === '') continue;
    if (name === '') return t('settings.mcp.value.unnamed');
    if (name in out) return t('settings.mcp.value.twice', { name });
    if (line.value === '' && !line.stored) return t('settings.mcp.value.empty', { name });
    out[name] = line.value === '' ? null : line.value;
  }
  return out;
}
