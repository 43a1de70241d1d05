import { fault } from '../i18n';

/**
 * What every call throws. `code` is the server's stable code (server/fault), or
 * 'offline' when no answer came, or 'garbled' when the answer was no JSON.
 * `detail` is a sentence for people. `more` holds the other members of the
 * answer, e.g. the other `draft`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly more: Record<string, unknown> = {},
    /** Milliseconds the server asks to wait before the next try; 0: not said. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }
}

export function offline(): ApiError {
  return new ApiError(0, 'offline', fault('offline', 'Hermes does not answer. Check that it is running and try again.'));
}

/** Makes the error of a problem+json answer. A body that is none still gives a sentence. */
export function problem(status: number, body: string, retryAfter: string | null): ApiError {
  const { code, detail, type: _t, title, status: _s, ...more } = parse(body);
  const sentence = text(detail) ?? text(title) ?? `Hermes answered with status ${status}.`;
  const known = text(code) ?? 'garbled';
  return new ApiError(status, known, fault(known, sentence), more, seconds(retryAfter) * 1000);
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function seconds(header: string | null): number {
  const n = Number(header);
  return header !== null && Number.isFinite(n) && n > 0 ? n : 0;
}
