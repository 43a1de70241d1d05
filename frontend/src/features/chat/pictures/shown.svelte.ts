import { t } from '../../../i18n/md';
import { fetchPicture } from './fetch';

/** What became of a picture of another server that a person wanted to see. */
export type Seen = { state: 'coming' } | { state: 'here'; src: string; bytes: number } | { state: 'failed'; why: string };

/** How much is kept of what was shown, so that going away and back costs no second click. */
const most = { pictures: 60, bytes: 80 << 20 };

/** By address. A reload of the page forgets them: nothing is kept elsewhere. */
let seen = $state.raw<ReadonlyMap<string, Seen>>(new Map());

export function seenAt(address: string): Seen | undefined {
  return seen.get(address);
}

function put(address: string, what: Seen): void {
  seen = new Map([...seen, [address, what]]);
}

/** Shows a picture; once more tries again. */
export async function show(address: string): Promise<void> {
  const now = seen.get(address)?.state;
  if (now === 'coming' || now === 'here') return;
  put(address, { state: 'coming' });
  const came = await fetchPicture(address);
  if (came instanceof Blob) {
    put(address, { state: 'here', src: URL.createObjectURL(came), bytes: came.size });
    forget(address);
  } else {
    put(address, { state: 'failed', why: came.why === '' ? t('picture.failed') : came.why });
  }
}

/** The browser cannot read what came. */
export function broken(address: string, why: string): void {
  drop(address);
  put(address, { state: 'failed', why });
}

/** Forgets the oldest until the rest is not too much, but never the newest. */
function forget(newest: string): void {
  const here = [...seen].flatMap(([address, s]) => (s.state === 'here' ? [{ address, bytes: s.bytes }] : []));
  let bytes = here.reduce((sum, x) => sum + x.bytes, 0);
  let left = here.length;
  for (const { address, bytes: own } of here) {
    if ((left <= most.pictures && bytes <= most.bytes) || address === newest) break;
    drop(address);
    left--;
    bytes -= own;
  }
}

function drop(address: string): void {
  const was = seen.get(address);
  if (was?.state === 'here') URL.revokeObjectURL(was.src);
  seen = new Map([...seen].filter(([a]) => a !== address));
}
