import { MediaQuery } from 'svelte/reactivity';

/** One column with a tab bar; the same width as in styles/phone.css. */
const phone = new MediaQuery('(max-width: 760px)');

/** There is room for a column beside the transcript. */
const wide = new MediaQuery('(min-width: 1280px)');

/** A finger is what points, and letters are typed on the glass. */
const touch = new MediaQuery('(pointer: coarse)');

export const viewport = {
  get phone(): boolean {
    return phone.current;
  },
  get wide(): boolean {
    return wide.current;
  },
  get touch(): boolean {
    return touch.current;
  },
};
