import { type APIRequestContext, expect } from '@playwright/test';
import { newId } from '../../src/api/id';

interface Answer {
  session: { queued: number; held: boolean };
  turns: { id: string; state: string; error: unknown }[];
}

/** Asks a session `count` prompts, one after another, and waits for the last answer; returns the ids of the turns. */
export async function fill(
  request: APIRequestContext,
  id: string,
  count: number,
  prompt: (n: number) => string,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('trn_'));
  for (const [n, turn] of ids.entries()) {
    const sent = await request.post(`/api/sessions/${id}/turns`, { data: { id: turn, text: prompt(n + 1), attachments: [] } });
    expect(sent.ok(), await sent.text()).toBe(true);
  }
  await expect
    .poll(
      async () => {
        const { session, turns } = (await (await request.get(`/api/sessions/${id}?limit=1`)).json()) as Answer;
        return {
          queued: session.queued,
          held: session.held,
          newest: turns[0]?.id,
          state: turns[0]?.state,
          error: turns[0]?.error,
        };
      },
      { timeout: 400_000, intervals: [100] },
    )
    .toEqual({ queued: 0, held: false, newest: ids.at(-1), state: 'done', error: null });
  return ids;
}
