import type { Json, ToolCallPart } from '../../../fold/types';
import { type ToolKey, t } from '../../../i18n/tools';
import { field, text } from '../facts';
import { type Deed, deedOf } from './deeds';

export { endOf } from './ends';
/** Whoever else needs these words takes them from here: parts of one file would be files of their own. */
export { t };

/** A call in words: `verb` and `about` make its row, calls of one `group` are summed up by `sum`. */
export interface Worded {
  verb: string;
  about: string;
  group: string;
  sum: (n: number) => string;
}

/** Services whose tools are told by the name of the service and by what was done there. */
const services: Readonly<Record<string, string>> = { spotify: 'Spotify', discord: 'Discord', feishu: 'Feishu', yb: 'Yuanbao' };

/** The words for a call of a tool of the Hermes Agent; null: it is none that is known. */
export function worded(call: Pick<ToolCallPart, 'name' | 'args'>): Worded | null {
  const deed = deedOf(call.name, call.args);
  if (deed === null) return service(call);
  return {
    verb: t(`tools.verb.${deed.verb}`),
    about: about(call, deed),
    group: deed.sum,
    sum: (n) => t(`tools.sum.${deed.sum}` as ToolKey, { n }),
  };
}

function service({ name, args }: Pick<ToolCallPart, 'name' | 'args'>): Worded | null {
  const [first = '', ...rest] = name.split('_');
  const known = Object.hasOwn(services, first) ? services[first] : undefined;
  if (known === undefined) return null;
  const did = spaced([...rest, text(args, 'action')].filter((x) => x !== '').join(' '));
  const what = ['query', 'name', 'message', 'content'].map((k) => text(args, k)).find((v) => v !== '');
  return {
    verb: known,
    about: what === undefined ? did : `${did}: ${what}`,
    group: first,
    sum: () => t('tools.sum.name', { name: known }),
  };
}

function about({ name, args }: Pick<ToolCallPart, 'name' | 'args'>, deed: Deed): string {
  const said = deed.about.map((k) => words(field(args, k))).find((v) => v !== '') ?? '';
  switch (name) {
    case 'memory':
      return text(args, 'target') === 'user' && said !== '' ? t('tools.about_person', { text: said }) : said;
    case 'send_message':
      return text(args, 'target') === '' ? said : t('tools.to', { to: text(args, 'target'), text: said });
    case 'ha_call_service':
      return [spaced(text(args, 'service')), text(args, 'entity_id') || spaced(text(args, 'domain'))]
        .filter((x) => x !== '')
        .join(', ');
    case 'browser_scroll':
      return said === 'up' || said === 'down' ? t(`tools.${said}`) : said;
    default:
      return said;
  }
}

/** An argument in a few words. Of a list its first entry, and how many follow. */
function words(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim();
  if (!Array.isArray(value) || value.length === 0) return '';
  const head = value[0] ?? null;
  const first = typeof head === 'string' ? head : text(head, 'goal') || text(head, 'content') || text(head, 'old_text');
  return value.length === 1 ? first : t('tools.and_more', { first, n: value.length - 1 });
}

function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}
