/** Finding words in the open session, loaded when it is first wanted. */
export { default as Bar } from './Bar.svelte';
