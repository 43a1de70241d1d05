import { tongue } from './tongue';

const kinds = {
  whole: { maximumFractionDigits: 0 },
  tenths: { maximumFractionDigits: 1 },
  dollars: dollars({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  'whole dollars': dollars({ maximumFractionDigits: 0 }),
  'parts of a cent': dollars({ maximumSignificantDigits: 2 }),
} satisfies Record<string, Intl.NumberFormatOptions>;

export type NumberKind = keyof typeof kinds;

/** Making one takes longer than all else that a frame of a growing answer does. */
const made = new Map<string, Intl.NumberFormat>();

/** A number as the language writes it. */
export function number(n: number, kind: NumberKind = 'whole'): string {
  const key = `${tongue.locale} ${kind}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.NumberFormat(tongue.locale, kinds[kind]);
    made.set(key, format);
  }
  return format.format(n);
}

function dollars(digits: Intl.NumberFormatOptions): Intl.NumberFormatOptions {
  return { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', ...digits };
}
