import { ApiError } from '../api/client';

/** Waits for a removal. What is gone already, by another tab or an answer that was lost, is as good as removed. */
export async function removal(asked: Promise<void>): Promise<void> {
  try {
    await asked;
  } catch (err) {
    if (!(err instanceof ApiError) || err.status !== 404) throw err;
  }
}

/** Whatever was thrown, as something that can be shown. */
export function toApiError(err: unknown): ApiError {
  if (err instanceof ApiError) return err;
  return new ApiError(0, 'page', err instanceof Error ? err.message : String(err));
}
