import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

const script = /(-[\w-]{8})\.js\b/g;

/**
 * Stands before the program and can serve its page as that of another version:
 * all scripts have other names, and the old ones are gone, as after an upgrade
 * of the program.
 */
export class Upgradable {
  upgraded = false;
  readonly #server: Server;

  private constructor(private readonly target: string) {
    this.#server = createServer((req, res) => this.#pass(req, res));
  }

  static async start(target: string): Promise<Upgradable> {
    const proxy = new Upgradable(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Cuts all connections, as a server does that is replaced. */
  upgrade(): void {
    this.upgraded = true;
    this.#server.closeAllConnections();
  }

  #pass(req: IncomingMessage, res: ServerResponse): void {
    const path = req.url ?? '/';
    if (this.upgraded && /^\/assets\/.*(?<!\.next)\.js$/.test(path)) {
      res.writeHead(404).end();
      return;
    }
    const { 'accept-encoding': _, 'if-none-match': __, ...headers } = req.headers;
    const url = new URL(path.replace('.next.js', '.js'), this.target);
    const on = request(url, { method: req.method ?? 'GET', headers }, (from) => this.#answer(path, from, res));
    on.on('error', () => res.destroy());
    res.on('close', () => on.destroy());
    req.pipe(on);
  }

  #answer(path: string, from: IncomingMessage, res: ServerResponse): void {
    const type = from.headers['content-type'] ?? '';
    if (!this.upgraded || path.startsWith('/api/') || !/html|javascript/.test(type)) {
      res.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(res);
      return;
    }
    const { 'content-length': _, etag: __, ...headers } = from.headers;
    const parts: Buffer[] = [];
    from.on('data', (part: Buffer) => parts.push(part));
    from.on('end', () => {
      const text = Buffer.concat(parts).toString().replace(script, '$1.next.js');
      res.writeHead(from.statusCode ?? 502, headers).end(text.replace(/"version":"\w+"/, '"version":"next"'));
    });
  }
}
