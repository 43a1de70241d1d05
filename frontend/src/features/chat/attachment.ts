import { url } from '../../api/base';

/** Where the server keeps an attachment's bytes. */
export function attachmentUrl(id: string): string {
  return url(`/api/attachments/${encodeURIComponent(id)}`);
}
