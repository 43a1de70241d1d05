import { ApiError, api } from '../api/client';
import type { Attachment, Draft } from '../fold/types';

/** A file in the composer. */
export interface Upload {
  key: string;
  name: string;
  size: number;
  sent: number;
  error: string;
  /** Set once the server has it. */
  done: Attachment | null;
}

/** How long typing rests before it is saved. */
const restMs = 400;

/**
 * What was typed and not sent. It is saved to the server after a rest; text that
 * another tab saved meanwhile is offered as `other` and never put in by itself.
 */
export class DraftStore {
  text = $state('');
  attachments = $state.raw<readonly Upload[]>([]);
  other = $state.raw<string | null>(null);
  #rev = 0;
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(private readonly session: string) {}

  /** Takes the stored draft, unless something else was typed here. */
  take(draft: Draft, focused: boolean): void {
    this.#rev = draft.rev;
    if (draft.text === this.text) this.#saved = draft.text;
    else if (this.text === this.#saved && !focused) this.#put(draft.text);
    else if (draft.text !== '' && draft.text !== this.#saved) this.other = draft.text;
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

  /** The prompt is on its way; the stored draft stays until the server has it. */
  clear(): void {
    clearTimeout(this.#timer);
    this.text = '';
    this.#saved = '';
    this.attachments = [];
  }

  /** The server has the prompt: it emptied the stored draft and counted its rev up. */
  confirm(): void {
    this.#rev += 1;
  }

  /** Puts the text that another tab saved in place of this one. */
  takeOther(): void {
    if (this.other !== null) this.#put(this.other);
    this.other = null;
    this.flush();
  }

  async add(files: Iterable<File>): Promise<void> {
    await Promise.all(Array.from(files, (file) => this.#upload(file)));
  }

  drop(key: string): void {
    this.attachments = this.attachments.filter((u) => u.key !== key);
  }

  #put(text: string): void {
    this.text = text;
    this.#saved = text;
  }

  async #save(): Promise<void> {
    const text = this.text;
    if (text === this.#saved) return;
    try {
      const ids = this.attachments.flatMap((u) => (u.done ? [u.done.id] : []));
      const kept = await api.drafts.put(this.session, { text, attachments: ids, rev: this.#rev });
      this.#rev = kept.rev;
      this.#saved = text;
    } catch (err) {
      this.#stale(err);
    }
  }

  /** Without a connection the text stays here and is saved with the next change. */
  #stale(err: unknown): void {
    if (!(err instanceof ApiError) || err.code !== 'draft_stale') return;
    const draft = err.more.draft as Draft | undefined;
    if (!draft) return;
    this.#rev = draft.rev;
    if (draft.text !== '' && draft.text !== this.text) this.other = draft.text;
    else this.touch();
  }

  async #upload(file: File): Promise<void> {
    const key = `${file.name}-${file.size}-${Math.random()}`;
    this.attachments = [...this.attachments, { key, name: file.name, size: file.size, sent: 0, error: '', done: null }];
    try {
      const done = await api.attachments.upload(file, (sent) => this.#change(key, { sent }));
      this.#change(key, { done, sent: file.size });
    } catch (err) {
      this.#change(key, { error: err instanceof ApiError ? err.detail : String(err) });
    }
  }

  #change(key: string, change: Partial<Upload>): void {
    this.attachments = this.attachments.map((u) => (u.key === key ? { ...u, ...change } : u));
  }
}
