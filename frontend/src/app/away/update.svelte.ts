import { basePath } from '../../api/base';
import { href } from '../router.svelte';

/** How long the new worker may take before the page reloads all the same. */
const takeOverMs = 1500;

/** Whether the server has a newer page than this one. It is never loaded without being asked for. */
class Update {
  ready = $state(false);
  #worker: ServiceWorkerRegistration | null = null;

  /** Begins to look; `opened` gets the session of a notification that was clicked. */
  begin(opened: (session: string) => void): () => void {
    const failed = () => void this.look();
    window.addEventListener('vite:preloadError', failed); // a file of this page is gone from the server
    void this.#register(opened);
    return () => window.removeEventListener('vite:preloadError', failed);
  }

  /** Asks the server for its page. One that does not name our script is another. */
  async look(): Promise<void> {
    const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;
    if (import.meta.env.DEV || !own) return;
    try {
      const page = await fetch(href('/'), { cache: 'no-store' });
      const html = page.ok ? await page.text() : '';
      if (!html.includes('name="base-path"')) return; // something else answers here
      this.ready = !html.includes(new URL(own).pathname);
      if (!this.ready) this.#worker?.waiting?.postMessage({ t: 'activate' }); // this page is as new as the worker
    } catch {
      // lost: that is said elsewhere
    }
  }

  /** The server came back: it may be another one now. */
  again(): void {
    void this.#worker?.update().catch(() => undefined);
    void this.look();
  }

  async reload(): Promise<void> {
    const waiting = this.#worker?.waiting;
    if (waiting) {
      const taken = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
      waiting.postMessage({ t: 'activate' });
      await Promise.race([taken, new Promise((done) => setTimeout(done, takeOverMs))]);
    }
    location.reload();
  }

  async #register(opened: (session: string) => void): Promise<void> {
    if (import.meta.env.DEV || !window.isSecureContext || !('serviceWorker' in navigator)) return;
    const container = navigator.serviceWorker;
    container.addEventListener('message', (e) => {
      const { t, session } = e.data as { t?: string; session?: string };
      if (t === 'open' && session) opened(session);
    });
    try {
      const known = container.controller !== null;
      this.#worker = await container.register(href('/sw.js'), { scope: `${basePath()}/`, updateViaCache: 'none' });
      this.#watch(this.#worker);
      if (known) container.addEventListener('controllerchange', () => void this.look());
      const { active } = await container.ready;
      const files = performance.getEntriesByType('resource').map((entry) => entry.name);
      active?.postMessage({ t: 'keep', files: files.filter((file) => file.includes('/assets/')) });
    } catch {
      // Private windows of some browsers have no workers: then there is nothing to open without the server.
    }
  }

  #watch(worker: ServiceWorkerRegistration): void {
    if (worker.waiting) void this.look();
    worker.addEventListener('updatefound', () => {
      const fresh = worker.installing;
      fresh?.addEventListener('statechange', () => {
        if (fresh.state === 'installed' && navigator.serviceWorker.controller) void this.look();
      });
    });
  }
}

export const update = new Update();
