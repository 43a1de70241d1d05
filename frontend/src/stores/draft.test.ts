import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, api } from '../api/client';
import type { Attachment, Draft } from '../fold/types';
import { DraftStore, isPicture, maxBytes } from './draft.svelte';

const shot: Attachment = { id: 'att_1', name: 'shot.png', type: 'image/png', size: 3 };
const log: Attachment = { id: 'att_2', name: 'run.log', type: 'text/plain', size: 9 };
const file = (a: Attachment) => new File(['x'.repeat(a.size)], a.name, { type: a.type });
const draft = (more: Partial<Draft>): Draft => ({ text: '', attachments: [], rev: 1, files: [], ...more });

let stored: Draft;
let revoked: string[];

beforeEach(() => {
  stored = draft({});
  revoked = [];
  vi.spyOn(api.drafts, 'put').mockImplementation((_, d) => {
    stored = { ...d, rev: d.rev + 1 };
    return Promise.resolve(stored);
  });
  vi.spyOn(api.attachments, 'upload').mockImplementation((f) => Promise.resolve(f.name === shot.name ? shot : log));
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:shot');
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((u) => void revoked.push(u));
});
afterEach(() => vi.restoreAllMocks());

describe('a text that the server does not have', () => {
  beforeEach(() => localStorage.clear());
  const away = () => vi.spyOn(api.drafts, 'put').mockRejectedValue(new ApiError(0, 'offline', 'away'));

  it('is there after a reload, and saved once the server is back', async () => {
    const put = away();
    const before = new DraftStore('ses_1');
    before.take(draft({ text: 'Half' }), false);
    before.text = 'Half a sentence';
    before.flush();
    await vi.waitFor(() => expect(localStorage.getItem('unsaved:ses_1')).toContain('Half a sentence'));

    put.mockImplementation((_, d) => {
      stored = { ...d, rev: d.rev + 1 };
      return Promise.resolve(stored);
    });
    const after = new DraftStore('ses_1');
    expect(after.text).toBe('Half a sentence');
    after.take(draft({ text: 'Half', rev: 4 }), false);
    expect(after.other).toBeNull();
    await vi.waitFor(() => expect(stored.text).toBe('Half a sentence'));
    await vi.waitFor(() => expect(localStorage.length).toBe(0));
  });

  it('stands beside what another device wrote meanwhile', async () => {
    away();
    const before = new DraftStore('ses_1');
    before.text = 'Mine';
    window.dispatchEvent(new Event('pagehide'));
    const after = new DraftStore('ses_1');
    after.take(draft({ text: 'Theirs', rev: 9 }), false);
    expect([after.text, after.other]).toEqual(['Mine', 'Theirs']);
  });

  it('is not kept when it was saved or sent', async () => {
    const s = new DraftStore('ses_1');
    s.text = 'All';
    s.flush();
    await vi.waitFor(() => expect(stored.text).toBe('All'));
    window.dispatchEvent(new Event('pagehide'));
    expect(localStorage.length).toBe(0);
    s.text = 'All of it';
    window.dispatchEvent(new Event('pagehide'));
    expect(localStorage.length).toBe(1);
    s.clear();
    s.confirm();
    expect(localStorage.length).toBe(0);
  });
});

const ids = (s: DraftStore) => s.attachments.map((u) => u.done?.id);

describe('files of a draft', () => {
  it('are saved when they have come and when they are taken out', async () => {
    const s = new DraftStore('ses_1');
    await s.add([file(shot), file(log)]);
    await vi.waitFor(() => expect(stored.attachments).toEqual(['att_1', 'att_2']));
    s.drop(s.attachments[0]?.key ?? '');
    await vi.waitFor(() => expect(stored.attachments).toEqual(['att_2']));
    expect(revoked).toEqual(['blob:shot']);
  });

  it('are there again after a reload, and text that is typed then keeps them', async () => {
    const s = new DraftStore('ses_1');
    s.take(draft({ text: 'look', attachments: ['att_1'], files: [shot], rev: 4 }), false);
    expect([s.text, ids(s), s.attachments[0]?.preview]).toEqual(['look', ['att_1'], '']);
    s.text = 'look here';
    s.flush();
    await vi.waitFor(() => expect(stored).toEqual({ text: 'look here', attachments: ['att_1'], rev: 5 }));
  });

  it('that came here are not replaced by what another tab saved', async () => {
    const s = new DraftStore('ses_1');
    vi.mocked(api.drafts.put).mockRejectedValue(new ApiError(0, 'offline', ''));
    await s.add([file(shot)]);
    s.take(draft({ attachments: ['att_2'], files: [log], rev: 7 }), false);
    expect(ids(s)).toEqual(['att_1']);
  });

  it('let go of their pictures when the session is left, and still come', async () => {
    let arrive = (_: Attachment): void => undefined;
    vi.mocked(api.attachments.upload).mockImplementation(() => new Promise((come) => (arrive = come)));
    const s = new DraftStore('ses_1');
    const added = s.add([file(shot)]);
    s.close();
    expect(revoked).toEqual(['blob:shot']);
    arrive(shot);
    await added;
    await vi.waitFor(() => expect(stored.attachments).toEqual(['att_1']));
  });

  it('that are gone from the server are not shown', () => {
    const s = new DraftStore('ses_1');
    s.take(draft({ attachments: ['att_1', 'att_2'], files: [log] }), false);
    expect(ids(s)).toEqual(['att_2']);
  });

  it('that are too large are refused before anything is sent', async () => {
    const s = new DraftStore('ses_1');
    const huge = file(log);
    Object.defineProperty(huge, 'size', { value: maxBytes + 1 });
    await s.add([huge]);
    expect(s.attachments[0]?.error).toContain('20 MB');
    expect(api.attachments.upload).not.toHaveBeenCalled();
  });

  it('say each for itself what went wrong', async () => {
    const s = new DraftStore('ses_1');
    vi.mocked(api.attachments.upload).mockRejectedValueOnce(new ApiError(0, 'offline', 'No connection.'));
    await s.add([file(shot), file(log)]);
    expect(s.attachments.map((u) => u.error)).toEqual(['No connection.', '']);
  });

  it('are not sent on once they are taken out', async () => {
    const s = new DraftStore('ses_1');
    let signal: AbortSignal | undefined;
    vi.mocked(api.attachments.upload).mockImplementation((_, __, stop) => {
      signal = stop;
      return new Promise((_resolve, reject) => stop?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
    });
    const adding = s.add([file(shot)]);
    s.drop(s.attachments[0]?.key ?? '');
    await adding;
    expect([signal?.aborted, s.attachments.length]).toEqual([true, 0]);
  });
});

describe('a prompt that was sent', () => {
  it('leaves the stored draft until the server has it', async () => {
    const s = new DraftStore('ses_1');
    s.take(draft({ text: 'go', attachments: ['att_1'], files: [shot] }), false);
    s.clear();
    expect([s.text, s.attachments.length]).toEqual(['', 0]);
    s.take(draft({ text: 'go', attachments: ['att_1'], files: [shot] }), true);
    expect([s.text, s.attachments.length, s.other]).toEqual(['', 0, null]);
    expect(api.drafts.put).not.toHaveBeenCalled();
  });

  it('goes after a save that is on its way, and before the next one', async () => {
    let answer = (_: Draft): void => undefined;
    vi.mocked(api.drafts.put).mockImplementationOnce(() => new Promise((come) => (answer = come)));
    const s = new DraftStore('ses_1');
    s.take(draft({ rev: 3 }), false);
    s.text = 'go';
    s.flush();
    await vi.waitFor(() => expect(api.drafts.put).toHaveBeenCalledOnce());

    let took = (): void => undefined;
    const post = vi.fn(() => new Promise<void>((come) => (took = come)));
    const sent = s.settled().then(post);
    s.clear();
    s.hold(sent.then(() => s.confirm()));
    s.text = 'and then';
    s.flush();
    expect(post).not.toHaveBeenCalled();
    answer(draft({ text: 'go', rev: 4 }));
    await vi.waitFor(() => expect(post).toHaveBeenCalledOnce());
    expect(api.drafts.put).toHaveBeenCalledOnce();
    took();
    await vi.waitFor(() => expect(stored).toEqual({ text: 'and then', attachments: [], rev: 6 }));
  });

  it('comes back with its files when it failed, but never over something new', async () => {
    const s = new DraftStore('ses_1');
    expect(s.restore('go', [shot])).toBe(true);
    expect([s.text, ids(s)]).toEqual(['go', ['att_1']]);
    expect(s.restore('other', [])).toBe(false);
    expect(s.text).toBe('go');
  });
});

it('takes the text and the files of another window when asked to', () => {
  const s = new DraftStore('ses_1');
  s.text = 'mine';
  s.take(draft({ text: 'theirs', attachments: ['att_2'], files: [log] }), true);
  expect(s.other).toBe('theirs');
  s.takeOther();
  expect([s.text, ids(s), s.other]).toEqual(['theirs', ['att_2'], null]);
});

it('draws no file that could carry a script', () => {
  expect(['image/png', 'image/webp', 'image/svg+xml', 'text/html', 'image/pngx'].map(isPicture)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
