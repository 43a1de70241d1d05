import { mount, unmount } from 'svelte';
import { picturesOf } from './answer.svelte';
import Remote from './Remote.svelte';

/**
 * Offers to show pictures of other servers, which stand in an answer as links.
 * Returns what puts the links back.
 */
export function offer(spans: readonly Element[]): () => void {
  const offs = spans.map(one);
  return () => {
    for (const off of offs) off();
  };
}

function one(span: Element): () => void {
  const link = span.querySelector<HTMLAnchorElement>(':scope > a[href]');
  if (!link) return () => {};
  const drawn = { address: link.href, alt: altOf(link), at: span };
  const answer = picturesOf(span);
  const leave = answer.add(drawn);
  const shown = mount(Remote, { target: span, props: { drawn, answer, host: link.host, link } });
  return () => {
    leave();
    link.hidden = false;
    void unmount(shown);
  };
}

/** The words before the host; the address itself where there were none. */
function altOf(link: Element): string {
  const alt = link.firstChild?.nodeType === Node.TEXT_NODE ? (link.firstChild.textContent ?? '').trim() : '';
  return /^https?:/i.test(alt) ? '' : alt;
}
