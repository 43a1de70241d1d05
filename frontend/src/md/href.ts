import { decodeEntities } from './entity';

/** The address that `repair` gives to a link whose own has not arrived yet. */
export const pending = 'pending:';

const outside = /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]/iu;
const inside = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]{1,4000000}={0,2}$/;
/** `main.go` is a file and no host, though there are such ends of names. */
const file = /^[\w-]+\.(?:c|cc|cs|css|go|h|html|java|js|json|md|py|rb|rs|sh|sql|svelte|toml|ts|txt|yaml|yml)$/i;
const ours = /^(?:\/[\w.~-]+)*\/api\/attachments\/att_[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * The address a link may go to, or null. Only http, https and mailto pass;
 * relative ones would lead into the app itself, all other schemes may run code.
 */
export function linkHref(raw: string): string | null {
  const href = decodeEntities(raw).trim();
  return outside.test(href) ? href : null;
}

/** The address an image may be loaded from: attachments of this server, and pictures that the text itself holds. */
export function imageSrc(raw: string): string | null {
  const src = decodeEntities(raw).trim();
  return ours.test(src) || inside.test(src) ? src : null;
}

/** The host that an address leads to, '' where it has none. What stands before an @ in it is not its host. */
export function hostOf(href: string): string {
  return URL.parse(href)?.host ?? '';
}

/** The words of a link look like an address, but of another host than the one it leads to. */
export function misleads(words: string, href: string): boolean {
  const claimed = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?=[/:?#]|$)/i.exec(words.trim())?.[1];
  const bare = (host: string) => host.toLowerCase().replace(/^www\.|:\d+$/g, '');
  const host = hostOf(href);
  return claimed !== undefined && host !== '' && !file.test(claimed) && bare(claimed) !== bare(host);
}
