type Rich = typeof import('./rich');

let loaded = $state.raw<Rich | null>(null);
let asked = false;

/**
 * What colours code, sets formulas, sorts tables and draws diagrams. It is loaded
 * when a text first needs it; until then, and should it fail, the plain text stands.
 */
export function rich(): Rich | null {
  if (!asked) {
    asked = true;
    import('./rich').then(
      (m) => {
        loaded = m;
      },
      () => {
        asked = false;
      },
    );
  }
  return loaded;
}
