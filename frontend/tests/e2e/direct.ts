import type { Page } from '@playwright/test';
import { Model } from './model';
import { test as base, composer, expect } from './program';

/** The program with a scripted model server next to it. */
export const test = base.extend<{ model: Model }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern
  model: async ({}, use) => {
    const model = await Model.start();
    await use(model);
    await model.stop();
  },
});

/** Connects a model server as one of the known providers. */
export async function connect(page: Page, model: Model, provider = 'openai'): Promise<void> {
  const answer = await page.request.put(`/api/providers/${provider}`, { data: { base_url: model.url, key: '' } });
  expect(answer.ok()).toBe(true);
}

/** Connects the model and opens an empty session with the direct agent; returns its path. */
export async function openDirect(page: Page, model: Model): Promise<string> {
  await connect(page, model);
  return openSession(page);
}

/** Opens an empty session with the direct agent; returns its path. */
export async function openSession(page: Page): Promise<string> {
  const answer = await page.request.post('/api/sessions', { data: { agent: 'direct' } });
  expect(answer.ok()).toBe(true);
  const { id } = ((await answer.json()) as { session: { id: string } }).session;
  await page.goto(`/s/${id}`);
  await expect(composer(page)).toBeVisible();
  return `/s/${id}`;
}

/** The card of what an agent asks. */
export function card(page: Page) {
  return page.getByRole('alertdialog');
}

/** A promise that is kept by hand. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { opened, open };
}
