import { ApiError, api } from '../api/client';
import type { Attachment, Draft } from '../fold/types';
import { t } from '../i18n';
import { keepUnsaved, loadUnsaved } from './unsaved';

/** A file in the composer. */
export interface Upload {
  key: string;
  name: string;
  type: string;
  size: number;
  sent: number;
  error: string;
  /** An address of this page that shows the picture while it is not on the server; '' = none. */
  preview: string;
  /** Set once the server has it. */
  done: Attachment | null;
}

/** How long typing rests before it is saved. */
const restMs = 400;

/** How long a prompt waits for a save that does not come back. */
const patienceMs = 1000;

/** The server takes no larger file. */
export const maxBytes = 20 * 1024 * 1024;

/**
 * What was typed and not sent, with its files. It is saved to the server after
 * a rest; text that another tab saved meanwhile is offered as `other` and never
 * put in by itself.
 */
export class DraftStore {
  text = $state('');
  attachments = $state.raw<readonly Upload[]>([]);
  other = $state.raw<string | null>(null);
  #otherFiles: readonly Attachment[] = [];
  #rev = 0;
  #savedText = '';
  #savedFiles = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  readonly #running = new Map<string, AbortController>();

  /** The text here is one that an earlier page could not save. */
  #kept = false;

  constructor(private readonly session: string) {
    const kept = loadUnsaved(session);
    if (kept && kept.text !== kept.base) {
      this.text = kept.text;
      this.#savedText = kept.base;
      this.#kept = true;
    }
    window.addEventListener('pagehide', this.#keep);
  }

  /** Takes the stored draft, unless something else was typed or attached here. */
  take(draft: Draft, focused: boolean): void {
    this.#rev = draft.rev;
    this.#takeFiles(draft);
    if (draft.text === this.text) this.#savedText = draft.text;
    else if (this.text === this.#savedText && !focused) this.#put(draft.text);
    else if (draft.text !== '' && draft.text !== this.#savedText) this.#offer(draft);
    if (this.#kept && this.other === null) this.touch();
    this.#kept = false;
  }

  /** The text changed: save it after a rest. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), restMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#save());
  }

  /** No save is on its way any more: one that a prompt overtakes would be of a draft that is gone. */
  settled(): Promise<void> {
    return Promise.race([this.#saving, new Promise<void>((resolve) => setTimeout(resolve, patienceMs))]);
  }

  /** Nothing is saved until this is done: the server empties the stored draft when it takes a prompt in. */
  hold(sent: Promise<unknown>): void {
    this.#saving = this.#saving.then(() => sent).then(() => undefined);
  }

  /** The session is left: what was typed is saved, a file that is on its way still comes. */
  close(): void {
    this.flush();
    window.removeEventListener('pagehide', this.#keep);
    for (const u of this.attachments) if (u.preview !== '') URL.revokeObjectURL(u.preview);
  }

  /** The prompt is on its way; the stored draft stays until the server has it. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const u of this.attachments) this.#forget(u);
    this.text = '';
    this.attachments = [];
    keepUnsaved(this.session, null);
  }

  /** Puts a prompt that could not be sent back, if nothing else was begun meanwhile. False: something was. */
  restore(text: string, files: readonly Attachment[]): boolean {
    if (this.text !== '' || this.attachments.length > 0) return false;
    this.text = text;
    this.attachments = files.map(stored);
    this.touch();
    return true;
  }

  /** The server has the prompt: it emptied the stored draft and counted its rev up. */
  confirm(): void {
    this.#rev += 1;
    this.#savedText = '';
    this.#savedFiles = '';
    this.#keep();
  }

  /** Puts the text and the files that another tab saved in place of these. */
  takeOther(): void {
    if (this.other !== null) {
      this.#put(this.other);
      this.#show(this.#otherFiles);
    }
    this.other = null;
    this.flush();
  }

  async add(files: Iterable<File>): Promise<void> {
    await Promise.all(Array.from(files, (file) => this.#upload(file, keyOf(file))));
  }

  /** Takes in one file; the key says which it is. */
  attach(file: File): string {
    const key = keyOf(file);
    void this.#upload(file, key);
    return key;
  }

  /** Takes a file out again; one that is on its way is stopped. */
  drop(key: string): void {
    const gone = this.attachments.find((u) => u.key === key);
    if (!gone) return;
    this.#forget(gone);
    this.attachments = this.attachments.filter((u) => u.key !== key);
    this.flush();
  }

  #put(text: string): void {
    this.text = text;
    this.#savedText = text;
  }

  /** Files that came or went here and are not saved yet stay as they are. */
  #takeFiles(draft: Draft): void {
    const known = draft.files?.filter((f) => draft.attachments.includes(f.id));
    if (!known || this.#ids().join() !== this.#savedFiles || this.#running.size > 0) return;
    if (known.map((f) => f.id).join() === this.#savedFiles) return;
    this.#show(known);
    this.#savedFiles = this.#ids().join();
  }

  #show(files: readonly Attachment[]): void {
    for (const u of this.attachments) this.#forget(u);
    this.attachments = files.map(stored);
  }

  #offer(draft: Draft): void {
    this.other = draft.text;
    this.#otherFiles = draft.files ?? [];
  }

  #ids(): string[] {
    return this.attachments.flatMap((u) => (u.done ? [u.done.id] : []));
  }

  async #save(): Promise<void> {
    const text = this.text;
    const attachments = this.#ids();
    if (text === this.#savedText && attachments.join() === this.#savedFiles) {
      this.#keep();
      return;
    }
    try {
      const kept = await api.drafts.put(this.session, { text, attachments, rev: this.#rev });
      this.#rev = kept.rev;
      this.#savedText = text;
      this.#savedFiles = attachments.join();
    } catch (err) {
      this.#stale(err);
    }
    this.#keep();
  }

  /** On this device, as long as the server does not have it. */
  #keep = (): void => {
    keepUnsaved(this.session, this.text === this.#savedText ? null : { text: this.text, base: this.#savedText });
  };

  /** Without a connection the text stays here and is saved when that is back. */
  #stale(err: unknown): void {
    if (!(err instanceof ApiError) || err.code !== 'draft_stale') return;
    const draft = err.more.draft as Draft | undefined;
    if (!draft) return;
    this.#rev = draft.rev;
    if (draft.text !== '' && draft.text !== this.text) this.#offer(draft);
    else this.touch();
  }

  async #upload(file: File, key: string): Promise<void> {
    const error = file.size > maxBytes ? t('store.too_large') : '';
    const preview = error === '' && isPicture(file.type) ? URL.createObjectURL(file) : '';
    const { name, type, size } = file;
    this.attachments = [...this.attachments, { key, name, type, size, sent: 0, error, preview, done: null }];
    if (error !== '') return;
    const stop = new AbortController();
    this.#running.set(key, stop);
    try {
      const done = await api.attachments.upload(file, (sent) => this.#change(key, { sent }), stop.signal);
      this.#change(key, { done, sent: size });
    } catch (err) {
      this.#change(key, { error: err instanceof ApiError ? err.detail : String(err) });
    } finally {
      this.#running.delete(key);
    }
    this.flush();
  }

  #change(key: string, change: Partial<Upload>): void {
    this.attachments = this.attachments.map((u) => (u.key === key ? { ...u, ...change } : u));
  }

  #forget(u: Upload): void {
    this.#running.get(u.key)?.abort();
    if (u.preview !== '') URL.revokeObjectURL(u.preview);
  }
}

function keyOf(file: File): string {
  return `${file.name}-${file.size}-${Math.random()}`;
}

/** A file that the server has. */
function stored(a: Attachment): Upload {
  return { key: a.id, name: a.name, type: a.type, size: a.size, sent: a.size, error: '', preview: '', done: a };
}

/** A kind of file that a browser draws and that cannot carry a script. */
export function isPicture(type: string): boolean {
  return /^image\/(png|jpeg|gif|webp|avif)\b/.test(type);
}
