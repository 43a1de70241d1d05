import { mount, unmount } from 'svelte';
import Lightbox from './Lightbox.svelte';

/** A picture to look at closely. `save` is its name, where it can be saved. */
export interface Closer {
  src: string;
  alt: string;
  save?: string;
}

/** Shows pictures over everything, beginning with one of them. */
export function openLightbox(items: readonly Closer[], at: number): void {
  const box = mount(Lightbox, { target: document.body, props: { items, at, onclose: () => void unmount(box) } });
}
