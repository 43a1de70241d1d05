/** What lies over the page, loaded when it is first opened. */
export { default as KeySheet } from './KeySheet.svelte';
export { default as Palette } from './Palette.svelte';
