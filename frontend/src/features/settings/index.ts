/** Settings, loaded when it is first opened. */
export { default as Index } from './Index.svelte';
export { default as Screen } from './Screen.svelte';
export { SettingsState } from './state.svelte';
