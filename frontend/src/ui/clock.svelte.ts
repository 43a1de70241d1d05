import { createSubscriber } from 'svelte/reactivity';

/** Runs only while something on the screen reads it. */
const tick = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The time in milliseconds; what reads it in markup is drawn again each second. */
export function secondly(): number {
  tick();
  return Date.now();
}
