import type { Page } from '@playwright/test';
import { card, connect, test } from './direct';
import { byWord, call } from './model';
import { composer, expect, transcript } from './program';

/** What has the focus, for people. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const el = document.activeElement;
    if (el === null || el === document.body) return 'nothing';
    if (el.matches('[data-composer]')) return 'composer';
    if (el.matches('[role=log]')) return 'transcript';
    if (el.closest('.askc')) return 'ask';
    return el.matches('[data-row]') ? 'list' : (el.getAttribute('aria-label') ?? el.textContent ?? '').trim();
  });
}

/** Presses Tab until it is there; every stop on the way shows where the focus is. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press(key);
    const where = await focused(page);
    if (where !== 'nothing') expect(await shown(page), `focus on ${where} is visible`).toBe(true);
    if (typeof name === 'string' ? where === name : name.test(where)) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

/** The focus has an outline or a frame, and is in the window. */
function shown(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const el = document.activeElement;
    if (!(el instanceof HTMLElement)) return false;
    const marked = (x: Element) => {
      const s = getComputedStyle(x);
      return (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || s.boxShadow !== 'none';
    };
    const at = el.getBoundingClientRect();
    const inside = at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
    // A field may be framed by what it stands in, and so is the card.
    const frame = el.closest('.cmp, .sfield, .askc, dialog');
    return inside && (marked(el) || (frame !== null && (marked(frame) || getComputedStyle(frame).borderStyle !== 'none')));
  });
}

test('a session from beginning to end without a mouse', async ({ page, model }) => {
  model.models = [
    { id: 'scripted', name: 'Scripted', context_length: 32_000 },
    { id: 'other', name: 'Other', context_length: 8000 },
  ];
  model.script = byWord({
    tidy: [{ calls: [call('edit_file', { path: 'notes.md', old: '# Notes', new: '# Good notes' })] }, { text: 'It is tidy.' }],
  });
  await connect(page, model);
  for (const title of ['Alpha', 'Beta']) await page.request.post('/api/sessions', { data: { agent: 'direct', title } });
  await page.goto('/');
  await expect(page.locator('.side [data-row]')).toHaveCount(2);

  // A new session, and a prompt.
  await page.keyboard.press('n');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('Please tidy up');
  await page.keyboard.press('Enter');

  // The card has the focus. Enter does nothing, A allows.
  await expect(card(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(card(page)).toContainText('Change notes.md?');
  await expect(async () => {
    if (await card(page).count()) await page.keyboard.press('a');
    await expect(transcript(page)).toContainText('It is tidy.', { timeout: 1000 });
  }).toPass();
  await expect(card(page)).toHaveCount(0);

  // The diff of what was done.
  await page.keyboard.press('F6');
  await expect.poll(() => focused(page)).not.toBe('nothing');
  await transcript(page).focus();
  await tabTo(page, /notes\.md|Edited 1 file/);
  await page.keyboard.press('Enter');
  await expect(transcript(page).getByRole('table').first()).toContainText('# Good notes');

  // Another model.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('s');
  await page.keyboard.press('m');
  await expect(page.getByRole('option', { name: /Other/ })).toBeVisible();
  await page.keyboard.type('Other');
  await expect(page.getByRole('option').filter({ hasText: 'Scripted' })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Model:.*Other/ })).toBeFocused();

  // A setting, and back.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('dark');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText(/dark/i);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Model:.*Other/ })).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('Approvals');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('Approvals');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/permissions$/);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/$/);

  // Through the list.
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Beta');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Beta');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Beta');
});

test('F6 goes through list, transcript, ask and composer, and back', async ({ page, model }) => {
  model.script = byWord({ ask: [{ calls: [call('ask_user', { question: 'Which colour?', choices: ['Blue'] })] }] });
  await connect(page, model);
  await page.goto('/');
  await page.keyboard.press('n');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('ask me');
  await page.keyboard.press('Enter');
  await expect(card(page)).toBeFocused();
  const seen: string[] = [];
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('F6');
    seen.push(await focused(page));
  }
  expect(seen.join()).toMatch(/^composer,Sessions[^,]*,list,transcript,ask$/);
  await page.keyboard.press('Shift+F6');
  expect(await focused(page)).toBe('transcript');

  // Put aside, the card lets the focus go on to the composer, and comes back by its button.
  await page.keyboard.press('F6');
  await tabTo(page, 'ask');
  await page.keyboard.press('Enter');
  await expect(card(page)).not.toContainText('Let Hermes decide');
  await page.reload();
  await expect(card(page)).toContainText('Which colour?');
  await expect(card(page)).not.toContainText('Let Hermes decide');
  await composer(page).focus();
  await page.keyboard.press('Shift+F6');
  await expect(card(page)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(card(page).getByRole('button', { name: 'Let Hermes decide' })).toBeVisible();
});

test('the list is folded, renamed and put away by key', async ({ page }) => {
  for (const title of ['Alpha', 'Beta', 'Gamma']) await page.request.post('/api/sessions', { data: { agent: 'demo', title } });
  await page.goto('/');
  const rows = page.locator('.side [data-row]');
  await expect(rows).toHaveCount(3);
  await rows.first().focus();
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await page.keyboard.type('Delta');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Delta');
  await expect(rows.first()).toBeFocused();

  // The key of the context menu, or Shift and F10.
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Copy link' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).toContain('Today');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(0);
  await page.reload();
  await expect(page.locator('.side').getByRole('button', { name: /^Today/ })).toHaveAttribute('aria-expanded', 'false');
  await expect(rows).toHaveCount(0);
  await page
    .locator('.side')
    .getByRole('button', { name: /^Today/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(3);

  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('a');
  await expect(page.getByRole('menuitem', { name: 'Archive' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(2);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Archive and trash' })).toBeVisible();
  await tabTo(page, /^Take back/);
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(3);

  // Hidden, also after a reload, and back.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('b');
  await expect(rows.first()).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Show the list' })).toBeVisible();
  await expect(rows.first()).toBeHidden();
  await page.keyboard.press('b');
  await expect(rows.first()).toBeVisible();
});
