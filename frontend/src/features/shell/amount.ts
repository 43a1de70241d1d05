/** A number of tokens in few characters: 812, 41.2k, 128k, 1.2M. */
export function amount(n: number): string {
  if (n < 1000) return String(n);
  return n < 1_000_000 ? `${short(n / 1000)}k` : `${short(n / 1_000_000)}M`;
}

/** An amount of US dollars; small ones keep two digits that say something. */
export function money(n: number): string {
  return `$${n >= 0.01 ? n.toFixed(2) : n.toPrecision(2)}`;
}

function short(n: number): string {
  return n >= 100 ? String(Math.round(n)) : n.toFixed(1).replace(/\.0$/, '');
}
