import type { Attachment } from '../fold/types';
import { url } from './base';
import { ApiError, offline, problem } from './error';
import { newId } from './id';
import { decode } from './request';

type Progress = (sent: number, total: number) => void;

/** Sends a file as it is. Uploads carry an id of ours, so one more try after a network failure is safe. */
export async function upload(file: File, onProgress?: Progress, signal?: AbortSignal): Promise<Attachment> {
  const target = url('/api/attachments', { id: newId('att_'), name: file.name });
  try {
    return await once(target, file, onProgress, signal);
  } catch (err) {
    if (!(err instanceof ApiError) || err.code !== 'offline') throw err;
    return once(target, file, onProgress, signal);
  }
}

/** XMLHttpRequest, because fetch does not tell how much was sent. */
function once(target: string, file: File, onProgress?: Progress, signal?: AbortSignal): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open('POST', target);
    xhr.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    xhr.upload.onprogress = (e) => onProgress?.(e.loaded, file.size);
    xhr.onload = () => settle(xhr, resolve, reject);
    xhr.onerror = () => reject(offline());
    xhr.onabort = () => reject(aborted());
    xhr.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    xhr.send(file);
  });
}

function settle(xhr: XMLHttpRequest, resolve: (a: Attachment) => void, reject: (err: unknown) => void): void {
  if (xhr.status < 200 || xhr.status > 299) {
    reject(problem(xhr.status, xhr.responseText, xhr.getResponseHeader('Retry-After')));
    return;
  }
  try {
    resolve(decode<Attachment>(xhr.status, xhr.responseText));
  } catch (err) {
    reject(err);
  }
}

function aborted(): DOMException {
  return new DOMException('The upload was cancelled.', 'AbortError');
}
