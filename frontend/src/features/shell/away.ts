/** What is loaded once the page rests: it must be there before anything goes wrong. */
export { watch } from '../../app/away/watch.svelte';
export { default as Connection } from './Connection.svelte';
