import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

const script = /(-[\w-]{8})\.js\b/g;

/** What went to the browser. */
export interface Sent {
  path: string;
  /** Headers and the packed body. */
  bytes: number;
  body: number;
  encoding: string;
  cache: string;
}

/**
 * Stands before the program. It sees what a browser asks for, also what the
 * tools of the browser do not show (its worker, its manifest), and can serve its page as that of another version:
 * all scripts have other names, and the old ones are gone, as after an upgrade
 * of the program.
 */
export class Between {
  upgraded = false;
  sent: Sent[] = [];
  readonly #server: Server;

  private constructor(private readonly target: string) {
    this.#server = createServer((req, res) => this.#pass(req, res));
  }

  static async start(target: string): Promise<Between> {
    const proxy = new Between(target);
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
    const { 'accept-encoding': _, 'if-none-match': __, ...other } = req.headers;
    const headers = this.upgraded ? other : req.headers;
    const url = new URL(path.replace('.next.js', '.js'), this.target);
    const on = request(url, { method: req.method ?? 'GET', headers }, (from) => this.#answer(path, from, res));
    on.on('error', () => res.destroy());
    res.on('close', () => on.destroy());
    req.pipe(on);
  }

  #note(path: string, from: IncomingMessage): void {
    const header = (name: string) => String(from.headers[name] ?? '');
    const one = {
      path,
      bytes: from.rawHeaders.join('    ').length,
      body: 0,
      encoding: header('content-encoding'),
      cache: header('cache-control'),
    };
    this.sent.push(one);
    from.on('data', (part: Buffer) => {
      one.body += part.length;
      one.bytes += part.length;
    });
  }

  #answer(path: string, from: IncomingMessage, res: ServerResponse): void {
    const type = from.headers['content-type'] ?? '';
    this.#note(path, from);
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
