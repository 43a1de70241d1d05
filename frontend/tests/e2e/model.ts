import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** One answer of the scripted model. */
export interface Say {
  /** What it thinks before it speaks. */
  thought?: string;
  text?: string;
  /** The text cut as it is to come, in place of words. */
  pieces?: readonly string[];
  calls?: readonly { name: string; args: unknown }[];
  /** Milliseconds between the words. */
  gap?: number;
  /** Tokens of four characters in a second, in place of words. */
  rate?: number;
  /** Nothing is said before it. */
  after?: Promise<unknown>;
  /** It breaks off after its words, without an end. */
  breaks?: boolean;
  /** What the question counts as, in tokens. */
  tokens?: number;
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
  stream?: boolean;
}

/** What the model says. round counts the model's calls since the newest prompt. */
export type Script = (asked: Asked, round: number) => Say;

/** A model server on loopback that speaks the Chat Completions protocol by a script. */
export class Model {
  readonly asked: Asked[] = [];
  models: readonly Record<string, unknown>[] = [{ id: 'scripted', context_length: 32_000 }];
  /** Answers questions without tools: they are for titles and summaries. */
  aside: (asked: Asked) => Say = () => ({ text: 'A name for it' });
  readonly #server: Server;

  private constructor(public script: Script) {
    this.#server = createServer((req, res) => void this.#serve(req, res));
  }

  static async start(script: Script = () => ({ text: 'Hello.' })): Promise<Model> {
    const model = new Model(script);
    await new Promise<void>((done) => model.#server.listen(0, '127.0.0.1', done));
    return model;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the model server does not listen');
    return `http://127.0.0.1:${address.port}/v1`;
  }

  /** The newest question of a turn, without those for titles and summaries. */
  get newest(): Asked {
    const asked = this.asked.findLast((x) => x.tools !== undefined);
    if (!asked) throw new Error('the model was not asked yet');
    return asked;
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
    const body = Buffer.concat(chunks).toString();
    if (body === '') {
      res.writeHead(404).end(); // an agent that looks around, or has gone
      return;
    }
    const asked = JSON.parse(body) as Asked;
    this.asked.push(asked);
    const say = asked.tools === undefined ? this.aside(asked) : this.script(asked, roundOf(asked.messages));
    if (asked.stream === false || asked.stream === undefined) {
      whole(res, say);
      return;
    }
    res.setHeader('content-type', 'text/event-stream');
    await stream(res, say, Math.ceil(body.length / 4));
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

/** What the model was told that its newest calls came to. */
export function resultsOf(asked: Asked): string[] {
  const since = asked.messages.findLastIndex((m) => m.role === 'assistant');
  return asked.messages.slice(since + 1).flatMap((m) => (m.role === 'tool' ? [String(m.content)] : []));
}

/** Answers a prompt by the word that it holds, one answer after each round of calls. */
export function byWord(answers: Readonly<Record<string, readonly Say[]>>): Script {
  return (asked, round) => {
    const words = promptOf(asked);
    const rounds = Object.entries(answers).find(([word]) => words.includes(word))?.[1];
    return rounds?.[round] ?? { text: 'There is nothing in the script.' };
  };
}

/** A call that a model makes. */
export function call(name: string, args: unknown): { name: string; args: unknown } {
  return { name, args };
}

/** An answer in one piece, as agents ask for titles and summaries. */
function whole(res: ServerResponse, say: Say): void {
  res.setHeader('content-type', 'application/json');
  res.end(
    JSON.stringify({
      id: 'whole',
      object: 'chat.completion',
      created: 1,
      model: 'scripted',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: say.text ?? '' } }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    }),
  );
}

function piecesOf(say: Say): readonly string[] {
  return say.pieces ?? say.text?.match(say.rate ? /.{1,4}/gsu : /\S+\s*/g) ?? [];
}

/** Calls so far: agents take two of one id for the same. */
let calls = 0;

async function stream(res: ServerResponse, say: Say, tokens: number): Promise<void> {
  res.flushHeaders();
  await say.after;
  const send = (doc: unknown) => res.write(`data: ${JSON.stringify(doc)}\n\n`);
  for (const word of say.thought?.match(/\S+\s*/g) ?? []) {
    send({ choices: [{ index: 0, delta: { reasoning_content: word } }] });
  }
  const begun = performance.now();
  for (const [n, piece] of piecesOf(say).entries()) {
    send({ choices: [{ index: 0, delta: { content: piece } }] });
    const wait = say.rate ? begun + ((n + 1) * 1000) / say.rate - performance.now() : (say.gap ?? 0);
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  }
  if (say.breaks) {
    res.end('data: {"error":{"code":429,"message":"Rate limit reached."}}\n\n');
    return;
  }
  say.calls?.forEach((call, index) => {
    const args = JSON.stringify(call.args);
    send({
      choices: [
        { index: 0, delta: { tool_calls: [{ index, id: `c${calls++}`, function: { name: call.name, arguments: '' } }] } },
      ],
    });
    send({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: args } }] } }] });
  });
  send({ choices: [{ index: 0, delta: {}, finish_reason: say.calls ? 'tool_calls' : 'stop' }] });
  send({ choices: [], usage: { prompt_tokens: say.tokens ?? tokens, completion_tokens: 40 } });
  res.end('data: [DONE]\n\n');
}
