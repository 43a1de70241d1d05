import { ApiError } from '../../api/client';
import type { PageState } from '../../stores/page.svelte';

/** Waits for what the person asked for; what went wrong is said in a toast. True: it worked. */
export async function doing(page: PageState, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (err) {
    page.toast(err instanceof ApiError ? err.detail : String(err));
    return false;
  }
}
