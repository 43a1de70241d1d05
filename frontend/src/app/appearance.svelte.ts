import { preferences } from './preferences.svelte';
import './theme.svelte';

/**
 * How the page looks on this device: the root element says it, and the styles
 * follow. Import it before anything is drawn, so that nothing is drawn twice.
 */
$effect.root(() => {
  $effect.pre(apply);
});
apply();

function apply(): void {
  const { dataset, style } = document.documentElement;
  const text = preferences.get('text');
  style.fontSize = text === '100' ? '' : `${text}%`;
  for (const of of ['density', 'face', 'measure', 'motion', 'wrap'] as const) {
    if (preferences.changed(of)) dataset[of] = preferences.get(of);
    else delete dataset[of];
  }
}
