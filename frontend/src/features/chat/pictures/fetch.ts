import { url } from '../../../api/base';

/**
 * Has the server fetch a picture of another one: the browser itself never asks
 * there. What went wrong is a sentence, or '' when no answer came.
 */
export async function fetchPicture(address: string): Promise<Blob | { why: string }> {
  try {
    const response = await fetch(url('/api/pictures'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: address }),
    });
    return response.ok ? await response.blob() : { why: detailOf(await response.json()) };
  } catch {
    return { why: '' };
  }
}

function detailOf(problem: unknown): string {
  const said = typeof problem === 'object' && problem !== null && 'detail' in problem ? problem.detail : '';
  return typeof said === 'string' ? said : '';
}
