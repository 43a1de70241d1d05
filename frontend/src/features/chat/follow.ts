/** How near to the end a reader counts as being there. */
const near = 80;

export interface Place {
  top: number;
  height: number;
  view: number;
}

/**
 * Whether the transcript keeps to its end after it scrolled from `before` to
 * `now`. Any move up by the reader lets go, however small; moving down takes
 * hold again near the end. A shorter text moves the view without the reader.
 */
export function follows(following: boolean, before: Place, now: Place): boolean {
  const left = now.height - now.view - now.top;
  if (left <= 2) return true;
  const byReader = now.height >= before.height && now.view <= before.view;
  if (now.top < before.top - 1 && byReader) return false;
  if (now.top > before.top) return following || left <= near;
  return following;
}
