import { ApiError } from '../api/client';

/** Whatever was thrown, as something that can be shown. */
export function toApiError(err: unknown): ApiError {
  if (err instanceof ApiError) return err;
  return new ApiError(0, 'page', err instanceof Error ? err.message : String(err));
}
