const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export type Prefix = 'ses_' | 'trn_' | 'prt_' | 'ask_' | 'att_';

/**
 * A prefix and a fresh ULID (48 bits of time, 80 of chance). It works without
 * crypto.randomUUID, which browsers hide on plain-http origins other than loopback.
 */
export function newId(prefix: Prefix, now = Date.now()): string {
  return prefix + time(now) + chance();
}

function time(now: number): string {
  let out = '';
  for (let i = 0, t = now; i < 10; i++, t = Math.floor(t / 32)) out = crockford.charAt(t % 32) + out;
  return out;
}

/** 16 characters of 5 bits: 256 is a multiple of 32, so the low bits of a byte are even. */
function chance(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => crockford.charAt(b & 31)).join('');
}
