import { ApiError, type AskAnswer, api, type NewTurn } from '../api/client';
import { newId } from '../api/id';
import type { Event } from '../fold/event';
import { applyEvent } from '../fold/fold';
import type { Ask, Attachment, Snapshot, Turn } from '../fold/types';
import { t } from '../i18n';
import { AgentCommands } from './commands.svelte';
import type { Connection } from './connection.svelte';
import { DraftStore } from './draft.svelte';
import { toApiError } from './problem';
import { keepUnsent, loadUnsent } from './unsent';

/** A prompt on its way: the page shows it before the server has answered. */
export interface PendingTurn {
  id: string;
  text: string;
  attachments: readonly Attachment[];
  state: 'sending' | 'failed';
  error: ApiError | null;
  body: NewTurn;
}

/** How many turns are loaded at a time, and on the way to a turn that is far. */
const pageSize = 40;
const farSize = 200;

/** How long a hidden page waits until it folds: there are no animation frames then. */
const hiddenMs = 500;

/** One open session: its snapshot, the events after it, and what the person does. */
export class Transcript {
  snap = $state.raw<Snapshot | null>(null);
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);
  /** The session is in the trash, or gone for good. */
  gone = $state(false);
  readonly commands: AgentCommands;
  pending = $state.raw<readonly PendingTurn[]>([]);
  readonly id: string;
  readonly draft: DraftStore;
  readonly #connection: Connection;

  /**
   * The snapshot for what is around the words: it stays the same object while only a turn's
   * parts grow. What depends on it is not even looked at when words arrive.
   */
  calm = $state.raw<Snapshot | null>(null);

  /** The turn that works, as it began: its parts are in `snap`. */
  readonly live: Turn | null = $derived(this.calm?.turns.find((x) => x.id === this.calm?.session.live) ?? null);
  readonly hasOlder: boolean = $derived(this.calm?.before != null);
  readonly statusLine: string = $derived.by(() => words(this.#connection.statusOf('turn', this.id)));

  readonly #confirmed = new Set<string>();
  #waiting: Event[] = [];
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #off: (() => void)[] = [];
  #loading: Promise<void> | null = null;
  #closed = false;

  constructor(id: string, connection: Connection) {
    this.id = id;
    this.#connection = connection;
    this.draft = new DraftStore(id);
    this.commands = new AgentCommands(id);
    this.#off = [connection.onEvents((batch) => this.#take(batch)), connection.onReset(() => void this.load())];
    this.#recall();
    void this.load();
  }

  /** Loads the snapshot (again) and tails from it. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    try {
      const snap = await api.sessions.get(this.id, { limit: pageSize });
      if (this.#closed) return;
      this.#show(withOlder(snap, this.snap));
      this.#connection.open(this.id, snap.seq);
      this.draft.take(snap.draft, composerFocused());
      this.error = null;
      this.gone = false;
    } catch (err) {
      this.error = toApiError(err);
      this.gone = this.error.status === 404 || this.error.status === 410;
    } finally {
      this.loading = false;
    }
  }

  close(): void {
    this.#closed = true;
    this.draft.close();
    for (const off of this.#off) off();
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#connection.close(this.id);
  }

  /** Loads the turns before the first one that is shown. */
  async older(limit = pageSize): Promise<void> {
    await this.#loading;
    const before = this.snap?.before;
    if (!before) return;
    const page = await api.sessions.get(this.id, { before, limit });
    const now = this.snap;
    if (!now || now.before !== before) return; // the path changed meanwhile
    this.#show({ ...now, turns: [...page.turns, ...now.turns], before: page.before });
  }

  /** Loads the turns before those that are shown, down to one. False: it is not on the path. */
  async reach(turn: string): Promise<boolean> {
    for (;;) {
      if (this.snap?.turns.some((x) => x.id === turn)) return true;
      const before = this.snap?.before;
      if (!before) return false;
      await this.older(farSize);
      if (this.snap?.before === before) return false; // the path changed meanwhile
    }
  }

  /** Looks for words in all that is shown of the session, also where it is not loaded. */
  find(words: string, signal: AbortSignal) {
    return api.sessions.find(this.id, words, signal);
  }

  /** The prompts of all that is shown of the session. */
  outline(signal: AbortSignal) {
    return api.sessions.outline(this.id, signal);
  }

  // What the person does.

  send(mode: 'queue' | 'steer' | 'interrupt' = 'queue'): void {
    const text = this.draft.text.trim();
    const files = this.draft.attachments.flatMap((u) => (u.done ? [u.done] : []));
    if (text === '') return;
    const sent = this.#post(
      { id: newId('trn_'), text, attachments: files.map((f) => f.id), when_busy: mode },
      files,
      this.draft.settled(),
    );
    this.draft.clear();
    // Words that are said into a running turn leave the stored draft as it is: empty it too.
    this.draft.hold(sent.then((ok) => ok && (mode === 'steer' ? this.draft.touch() : this.draft.confirm())));
  }

  retrySend(id: string): void {
    const p = this.pending.find((x) => x.id === id);
    if (p) void this.#post(p.body, p.attachments);
  }

  /** Sends it though another program has the session open. */
  sendAnyway(id: string): void {
    const p = this.pending.find((x) => x.id === id);
    if (p) void this.#post({ ...p.body, anyway: true }, p.attachments);
  }

  /** Drops a prompt that could not be sent; its text and files go back to an empty composer. */
  discard(id: string): void {
    const p = this.pending.find((x) => x.id === id);
    this.#pend(this.pending.filter((x) => x.id !== id));
    if (p) this.draft.restore(p.text, p.attachments);
  }

  async stop(): Promise<void> {
    if (this.live) await api.turns.stop(this.live.id);
  }

  /** Takes back what a person asked last, with the turns that the agent began by itself after it. */
  async undo(): Promise<void> {
    const turns = this.snap?.turns ?? [];
    const last = turns.findLast((x) => x.origin !== 'agent') ?? turns.at(-1);
    if (last) await api.sessions.head(this.id, last.parent);
  }

  async choose(turn: string): Promise<void> {
    await api.sessions.head(this.id, turn);
  }

  editResend(turn: Turn, text: string): void {
    const files = turn.prompt.attachments;
    void this.#post({ id: newId('trn_'), text, attachments: files.map((f) => f.id), replaces: turn.id }, files);
  }

  regenerate(turn: Turn): void {
    this.editResend(turn, turn.prompt.text);
  }

  continueTurn(turn: Turn): void {
    void this.#post({ id: newId('trn_'), text: '', attachments: [], continues: turn.id }, []);
  }

  /** Has the model told less of what came before; `focus` is what to keep in mind. */
  compress(focus: string): void {
    void this.#post({ id: newId('trn_'), text: focus, attachments: [], compress: true }, []);
  }

  async fork(turn: Turn): Promise<string> {
    const id = newId('ses_');
    await api.sessions.fork({ session: this.id, turn: turn.id }, id);
    return id;
  }

  async queueEdit(turn: string, text: string): Promise<void> {
    await api.turns.edit(turn, { text });
  }

  async queueWithdraw(turn: string): Promise<void> {
    await api.turns.withdraw(turn);
  }

  async queueOrder(order: string[]): Promise<void> {
    await api.sessions.queue(this.id, { order });
  }

  async queueContinue(): Promise<void> {
    await api.sessions.queue(this.id, { held: false });
  }

  /** Says a queued prompt into the running turn instead. */
  async queueSteer(turn: Turn): Promise<void> {
    const live = this.live;
    if (!live) return;
    await api.turns.withdraw(turn.id);
    try {
      await api.turns.steer(live.id, turn.prompt.text);
    } catch (err) {
      const files = turn.prompt.attachments;
      void this.#post({ id: newId('trn_'), text: turn.prompt.text, attachments: files.map((f) => f.id) }, files);
      throw err;
    }
  }

  async answer(ask: Ask, answer: AskAnswer): Promise<void> {
    await api.asks.answer(ask.id, { digest: ask.digest, ...answer });
  }

  /** The person has seen the newest answer. */
  seen(): void {
    const s = this.snap?.session;
    if (s && s.ended_seq > s.read_seq) void api.sessions.patch(this.id, { read_seq: s.ended_seq }).catch(() => undefined);
  }

  async #post(body: NewTurn, attachments: readonly Attachment[], ready?: Promise<void>): Promise<boolean> {
    const p: PendingTurn = { id: body.id, text: saidIn(body), attachments, state: 'sending', error: null, body };
    this.#pend([...this.pending.filter((x) => x.id !== body.id), p]);
    try {
      await ready;
      await api.turns.send(this.id, body);
      // The bubble stays until the log shows the turn; steered words are no turn.
      this.#confirmed.add(body.id);
      this.#pend(this.pending.filter((x) => x.id !== body.id || body.when_busy !== 'steer'));
      this.#settle();
      return true;
    } catch (err) {
      const failed: PendingTurn = { ...p, state: 'failed', error: toApiError(err) };
      this.#pend(this.pending.map((x) => (x.id === p.id ? failed : x)));
      return false;
    }
  }

  #pend(pending: readonly PendingTurn[]): void {
    this.pending = pending;
    keepUnsent(
      this.id,
      pending.filter((p) => !this.#confirmed.has(p.id)),
    );
  }

  /** Prompts that an earlier page could not bring to the server. */
  #recall(): void {
    const error = new ApiError(0, 'offline', t('store.unsent'));
    this.pending = loadUnsent(this.id).map((u) => ({ ...u, id: u.body.id, text: saidIn(u.body), state: 'failed', error }));
  }

  // What the log says.

  #take(batch: Event[]): void {
    const mine = batch.filter((e) => e.session === this.id);
    if (mine.length === 0) return;
    this.#waiting.push(...mine);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== undefined || this.#timer !== undefined) return;
    if (document.hidden) {
      this.#timer = setTimeout(() => this.#flush(), hiddenMs);
    } else {
      this.#frame = requestAnimationFrame(() => this.#flush());
    }
  }

  #flush(): void {
    this.#frame = undefined;
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    if (!this.snap) return; // the snapshot that is on its way covers them, or the stream sends them again
    const state = { ...this.snap };
    for (const e of events) {
      if (e.kind === 'session_purged') this.gone = true;
      if (applyEvent(state, e) === 'reload') {
        void this.load();
        return;
      }
    }
    this.#show(state);
  }

  #show(snap: Snapshot): void {
    this.snap = snap;
    if (!this.calm || !alikeAround(snap, this.calm)) this.calm = snap;
    this.#settle();
  }

  /** A prompt that the log has is no longer pending. */
  #settle(): void {
    const snap = this.snap;
    if (!snap || this.pending.length === 0) return;
    const known = new Set([...snap.turns, ...snap.queue.turns].map((x) => x.id));
    const left = this.pending.filter((p) => !known.has(p.id));
    if (left.length < this.pending.length) this.#pend(left);
  }
}

function alikeAround(a: Snapshot, b: Snapshot): boolean {
  const last = a.turns.at(-1);
  const was = b.turns.at(-1);
  return (
    a.session === b.session &&
    a.asks === b.asks &&
    a.queue === b.queue &&
    a.before === b.before &&
    a.turns.length === b.turns.length &&
    last?.id === was?.id &&
    last?.state === was?.state &&
    last?.usage === was?.usage
  );
}

/** A snapshot that is loaded again keeps the older turns of the same path: they may be what is being read. */
function withOlder(fresh: Snapshot, old: Snapshot | null): Snapshot {
  const first = fresh.turns[0]?.id;
  const at = old?.turns.findIndex((x) => x.id === first) ?? -1;
  return old && at > 0 ? { ...fresh, turns: [...old.turns.slice(0, at), ...fresh.turns], before: old.before } : fresh;
}

/** What a person would have written for it. */
function saidIn(body: NewTurn): string {
  return body.compress ? `/compress ${body.text}`.trim() : body.text;
}

function words(doc: unknown): string {
  return typeof doc === 'object' && doc !== null && 'text' in doc && typeof doc.text === 'string' ? doc.text : '';
}

/** A composer that has the focus is never changed from outside. */
function composerFocused(): boolean {
  return document.activeElement?.matches('[data-composer]') ?? false;
}
