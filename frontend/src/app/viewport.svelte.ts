import { MediaQuery } from 'svelte/reactivity';

/** One column with a tab bar; the same width as in styles/phone.css. */
const phone = new MediaQuery('(max-width: 760px)');

export const viewport = {
  get phone(): boolean {
    return phone.current;
  },
};
