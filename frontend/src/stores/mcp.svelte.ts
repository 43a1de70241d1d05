import { type ApiError, api, type McpChange, type McpServer } from '../api/client';
import { removal, toApiError } from './problem';

/** The MCP servers of the built-in agent. Values of theirs only ever go to the server. */
export class McpStore {
  items = $state.raw<readonly McpServer[]>([]);
  loading = $state(true);
  error = $state.raw<ApiError | null>(null);

  async load(): Promise<void> {
    try {
      this.items = (await api.mcp.list()).items;
      this.error = null;
    } catch (err) {
      this.error = toApiError(err);
    } finally {
      this.loading = false;
    }
  }

  /** Whoever sets a server up wants to know whether it works: one that is on is connected to, which may take long. */
  async put(name: string, change: McpChange): Promise<void> {
    const item = await api.mcp.put(name, change);
    this.#take(item);
    if (item.enabled) this.check(name).catch(() => {}); // only without a connection, which the page says itself
  }

  async check(name: string): Promise<McpServer> {
    const before = this.items.find((x) => x.name === name);
    if (before) this.#renew({ ...before, state: 'connecting', problem: '' });
    try {
      const item = await api.mcp.check(name);
      this.#renew(item);
      return item;
    } catch (err) {
      if (before) this.#renew(before);
      throw err;
    }
  }

  async remove(name: string): Promise<void> {
    await removal(api.mcp.remove(name));
    this.items = this.items.filter((x) => x.name !== name);
  }

  #take(item: McpServer): void {
    if (!this.items.some((x) => x.name === item.name)) this.items = [...this.items, item];
    else this.#renew(item);
  }

  /** One that was removed meanwhile stays away. */
  #renew(item: McpServer): void {
    this.items = this.items.map((x) => (x.name === item.name ? item : x));
  }
}
