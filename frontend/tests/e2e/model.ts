import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** One answer of the scripted model. */
export interface Say {
  text?: string;
  calls?: readonly { name: string; args: unknown }[];
  /** Milliseconds between the words. */
  gap?: number;
}

interface Message {
  role: string;
  content: unknown;
  tool_calls?: unknown[];
}

/** What the model was asked, as it came in. */
export interface Asked {
  model: string;
  messages: Message[];
  tools?: { function: { name: string } }[];
  reasoning_effort?: string;
}

/** A model server on loopback that speaks the Chat Completions protocol by a script. */
export class Model {
  readonly asked: Asked[] = [];
  models: readonly Record<string, unknown>[] = [{ id: 'scripted', context_length: 32_000 }];
  readonly #server: Server;

  private constructor(private readonly script: (asked: Asked, round: number) => Say) {
    this.#server = createServer((req, res) => void this.#serve(req, res));
  }

  /** round counts the model's calls since the newest prompt. */
  static async start(script: (asked: Asked, round: number) => Say): Promise<Model> {
    const model = new Model(script);
    await new Promise<void>((done) => model.#server.listen(0, '127.0.0.1', done));
    return model;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the model server does not listen');
    return `http://127.0.0.1:${address.port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url?.endsWith('/models')) {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ object: 'list', data: this.models }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
    this.asked.push(asked);
    res.setHeader('content-type', 'text/event-stream');
    if (asked.tools === undefined) {
      await stream(res, { text: 'A name for it' }); // titles and summaries
      return;
    }
    await stream(res, this.script(asked, roundOf(asked.messages)));
  }
}

function roundOf(messages: readonly Message[]): number {
  let n = 0;
  for (const m of messages) n = m.role === 'user' ? 0 : n + (m.tool_calls ? 1 : 0);
  return n;
}

/** The words of the newest prompt. */
export function promptOf(asked: Asked): string {
  const last = asked.messages.findLast((m) => m.role === 'user');
  if (typeof last?.content === 'string') return last.content;
  return JSON.stringify(last?.content ?? '');
}

async function stream(res: ServerResponse, say: Say): Promise<void> {
  const send = (doc: unknown) => res.write(`data: ${JSON.stringify(doc)}\n\n`);
  for (const word of say.text?.match(/\S+\s*/g) ?? []) {
    send({ choices: [{ index: 0, delta: { content: word } }] });
    if (say.gap) await new Promise((done) => setTimeout(done, say.gap));
  }
  say.calls?.forEach((call, index) => {
    const args = JSON.stringify(call.args);
    send({
      choices: [{ index: 0, delta: { tool_calls: [{ index, id: `c${index}`, function: { name: call.name, arguments: '' } }] } }],
    });
    send({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: args } }] } }] });
  });
  send({ choices: [{ index: 0, delta: {}, finish_reason: say.calls ? 'tool_calls' : 'stop' }] });
  send({ choices: [], usage: { prompt_tokens: 1200, completion_tokens: 40 } });
  res.end('data: [DONE]\n\n');
}
