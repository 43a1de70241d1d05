import type { NewTurn } from '../api/client';
import type { Attachment } from '../fold/types';

/** A prompt that the server has not confirmed. */
export interface Unsent {
  body: NewTurn;
  attachments: readonly Attachment[];
}

const key = (session: string) => `unsent:${session}`;

/** The prompts of a session that this device has not brought to the server: they outlive a reload. */
export function loadUnsent(session: string): Unsent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(session)) ?? '[]');
    return Array.isArray(kept) ? (kept as Unsent[]) : [];
  } catch {
    return []; // storage is off, or its content is not ours
  }
}

export function keepUnsent(session: string, prompts: readonly Unsent[]): void {
  try {
    if (prompts.length === 0) localStorage.removeItem(key(session));
    else localStorage.setItem(key(session), JSON.stringify(prompts.map(({ body, attachments }) => ({ body, attachments }))));
  } catch {
    // storage is off or full: the prompt is still shown until the tab closes
  }
}
