/** What a person may set of how far the built-in agent goes by itself: the bounds that the server has, and its own value. */
export const limits = {
  ask_after: { from: 5, to: 1000, own: 50 },
  shorten_at: { from: 30, to: 95, own: 100 },
  command_seconds: { from: 5, to: 3600, own: 120 },
} as const;

export type Limit = keyof typeof limits;
export const limitNames = Object.keys(limits) as Limit[];

/** What was typed as the number that is sent: 0 = not set. null: it is none that the server takes. */
export function readLimit(of: Limit, typed: string): number | null {
  const text = typed.trim();
  if (text === '') return 0;
  const n = Number(text);
  const { from, to } = limits[of];
  return /^\d+$/.test(text) && n >= from && n <= to ? n : null;
}
