import { fault } from '../i18n';
import { url } from './base';
import { ApiError, offline, problem } from './error';

export type Query = Record<string, string | number | boolean | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  /** The same request twice does no more than once: it may be sent again after a network failure. */
  idempotent?: boolean;
  signal?: AbortSignal;
}

/** How often a GET is repeated while the server says that it is still starting. */
const maxStarting = 20;

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  if (method === 'GET') return get<T>(path, options);
  try {
    return await once<T>(method, path, options);
  } catch (err) {
    if (!options.idempotent || !isOffline(err)) throw err;
    return once<T>(method, path, options);
  }
}

async function get<T>(path: string, options: Options): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await once<T>('GET', path, options);
    } catch (err) {
      if (!(err instanceof ApiError) || err.code !== 'starting' || tries >= maxStarting) throw err;
      await pause(err.retryAfter || 500, options.signal);
    }
  }
}

async function once<T>(method: string, path: string, { query, body, signal }: Options): Promise<T> {
  const init: RequestInit = { method, headers: { Accept: 'application/json' } };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const { response, content } = await exchange(url(path, query), init);
  if (!response.ok) throw problem(response.status, content, response.headers.get('Retry-After'));
  return decode<T>(response.status, content);
}

/** A connection that breaks in the middle of the body is as offline as one that never came. */
async function exchange(target: string, init: RequestInit): Promise<{ response: Response; content: string }> {
  try {
    const response = await fetch(target, init);
    return { response, content: await response.text() };
  } catch (err) {
    if (err instanceof DOMException && err.name === 'AbortError') throw err;
    throw offline();
  }
}

export function decode<T>(status: number, content: string): T {
  if (content === '') return undefined as T;
  try {
    return JSON.parse(content) as T;
  } catch {
    const sentence = 'The answer could not be read. Is something else running on this port?';
    throw new ApiError(status, 'garbled', fault('garbled', sentence));
  }
}

function isOffline(err: unknown): boolean {
  return err instanceof ApiError && err.code === 'offline';
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
