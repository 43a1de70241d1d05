import 'temml/dist/Temml-Local.css';
import './math.css';
import temml from 'temml';
import { safeMathml } from '../md/safe-mathml';

/** Longer ones are no formulas, and would hold up the page. */
const longest = 8000;
const kept = 300;

const known = new Map<string, DocumentFragment | null>();

/** The formula as nodes, made anew for each use; null when the TeX is not understood. */
export function typeset(tex: string, display: boolean): DocumentFragment | null {
  const key = `${display ? '$$' : '$'}${tex}`;
  let made = known.get(key);
  if (made === undefined) {
    made = make(tex, display);
    known.set(key, made);
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
  }
  return made === null ? null : (made.cloneNode(true) as DocumentFragment);
}

function make(tex: string, display: boolean): DocumentFragment | null {
  if (tex.length > longest) return null;
  try {
    const markup = temml.renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false, // no links, no addresses, no classes and ids of its own
      strict: false,
      maxSize: [20, 400], // em, points
      maxExpand: 500,
      wrap: 'none',
    });
    const nodes = safeMathml(markup);
    return nodes.querySelector('math') ? nodes : null;
  } catch {
    return null;
  }
}
