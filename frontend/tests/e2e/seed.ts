import { type APIRequestContext, expect } from '@playwright/test';
import { newId } from '../../src/api/id';

interface Answer {
  session: { id: string; queued: number; live: string | null };
  turns: { id: string; state: string }[];
  before: string | null;
}

/** Asks a session `count` prompts, one after another, and waits for the last answer; returns the ids of the turns. */
export async function fill(
  request: APIRequestContext,
  session: string,
  count: number,
  prompt: (n: number) => string,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('trn_'));
  for (const [n, id] of ids.entries()) {
    const sent = await request.post(`/api/sessions/${session}/turns`, { data: { id, text: prompt(n + 1), attachments: [] } });
    expect(sent.ok(), await sent.text()).toBe(true);
  }
  await expect
    .poll(
      async () => {
        const got = (await (await request.get(`/api/sessions/${session}?limit=1`)).json()) as Answer;
        return got.session.queued === 0 && got.session.live === null && got.turns[0]?.id === ids.at(-1);
      },
      { timeout: 120_000, intervals: [100] },
    )
    .toBe(true);
  return ids;
}
