import { ApiError } from '../../api/client';
import { t } from '../../i18n/settings';

/** What a form could not save, and at which of its fields that is said; '' = below the form. */
export interface Refusal {
  field: string;
  text: string;
}

/**
 * Reads the server's refusal. Where it does not name a field, the one that the
 * sentence speaks of is taken from `words`: the beginning of a sentence, such as
 * "The address", and its field.
 */
export function refusal(err: unknown, fields: readonly string[], words: Readonly<Record<string, string>> = {}): Refusal {
  if (!(err instanceof ApiError)) return { field: '', text: t('shell.unexpected') };
  const named = [err.more.field, ...locations(err.more.errors)].find(
    (x): x is string => typeof x === 'string' && fields.includes(x),
  );
  const spoken = Object.entries(words).find(([begin]) => err.detail.toLowerCase().startsWith(begin.toLowerCase()))?.[1];
  return { field: named ?? spoken ?? '', text: err.detail };
}

/** The fields of a request that was not understood: `body.base_url` is base_url. */
function locations(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((e: unknown) => {
    const at = typeof e === 'object' && e !== null && 'location' in e ? e.location : null;
    return typeof at === 'string' ? [at.replace(/^body\./, '').split(/[.[]/, 1)[0] ?? ''] : [];
  });
}
