/** The prompts of the open session, loaded when they are first wanted. */
export { default as Outline } from './Outline.svelte';
