import { decodeEntities } from './entity';

/** The address that `repair` gives to a link whose own has not arrived yet. */
export const pending = 'pending:';

const outside = /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]/iu;
const ours = /^(?:\/[\w.~-]+)*\/api\/attachments\/att_[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * The address a link may go to, or null. Only http, https and mailto pass;
 * relative ones would lead into the app itself, all other schemes may run code.
 */
export function linkHref(raw: string): string | null {
  const href = decodeEntities(raw).trim();
  return outside.test(href) ? href : null;
}

/** The address an image may be loaded from: attachments of this server, nothing else. */
export function imageSrc(raw: string): string | null {
  const src = decodeEntities(raw).trim();
  return ours.test(src) ? src : null;
}
