import { type ApiError, api, type McpChange, type McpServer } from '../api/client';
import { toApiError } from './problem';

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

  async put(name: string, change: McpChange): Promise<void> {
    this.#take(await api.mcp.put(name, change));
  }

  async check(name: string): Promise<McpServer> {
    const item = await api.mcp.check(name);
    this.#take(item);
    return item;
  }

  async remove(name: string): Promise<void> {
    await api.mcp.remove(name);
    this.items = this.items.filter((x) => x.name !== name);
  }

  #take(item: McpServer): void {
    const known = this.items.some((x) => x.name === item.name);
    this.items = known ? this.items.map((x) => (x.name === item.name ? item : x)) : [...this.items, item];
  }
}
