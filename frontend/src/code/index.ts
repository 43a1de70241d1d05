import { Painter } from './paint';

/** The painter of this page. */
export const painter = new Painter(async () => {
  // Both faces first: letters that change their width would move what stands beside them.
  await Promise.all([document.fonts.load('600 1em "IBM Plex Mono"'), document.fonts.load('italic 1em "IBM Plex Mono"')]);
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'code' });
});
