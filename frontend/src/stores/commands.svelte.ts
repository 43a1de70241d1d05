import { type AgentCommand, api } from '../api/client';
import { toApiError } from './problem';

/** What a command of the agent came to, to be read. text null: it is still at it. */
export interface Said {
  name: string;
  text: string | null;
  notice: string;
  bad: boolean;
}

/** What is to be done with words that a command gave. */
export type Next = { kind: 'prompt' | 'prefill'; text: string } | null;

/** The commands that the agent of a session has itself. */
export class AgentCommands {
  list = $state.raw<readonly AgentCommand[]>([]);
  said = $state.raw<Said | null>(null);
  #asked = false;

  constructor(private readonly session: string) {}

  /** Asks for them, once. Without them the page's own are there. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      this.list = (await api.sessions.commands(this.session)).items;
    } catch {
      this.#asked = false; // the agent may be there the next time
    }
  }

  /** Does one; `text` begins with its slash. */
  async run(text: string): Promise<Next> {
    const name = /^\S+/.exec(text)?.[0] ?? text;
    this.said = { name, text: null, notice: '', bad: false };
    try {
      const o = await api.sessions.command(this.session, text);
      if (o.kind === 'output') {
        this.said = { name, text: o.text, notice: o.notice, bad: false };
        return null;
      }
      this.said = o.notice === '' ? null : { name, text: '', notice: o.notice, bad: false };
      return { kind: o.kind, text: o.text };
    } catch (err) {
      this.said = { name, text: toApiError(err).detail, notice: '', bad: true };
      return null;
    }
  }

  close(): void {
    this.said = null;
  }
}
