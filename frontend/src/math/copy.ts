/** Where a formula's TeX is kept while its element shows it. */
const sources = new WeakMap<Element, { tex: string; display: boolean }>();

let listening = false;

/** From now on whoever copies a text with this formula in it gets its TeX. */
export function remember(element: Element, tex: string, display: boolean): void {
  sources.set(element, { tex, display });
  if (listening) return;
  listening = true;
  document.addEventListener('copy', copied);
}

function copied(event: ClipboardEvent): void {
  const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : undefined;
  if (!range || !event.clipboardData || event.defaultPrevented) return;
  const text = copyOf(range);
  if (text === null) return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

/** What is selected, with TeX for formulas; null when it has none, so that the browser does it. */
export function copyOf(range: Range): string | null {
  const around = range.commonAncestorContainer;
  const root = around instanceof Element ? around : around.parentElement;
  const whole = root?.closest('.md-math');
  if (whole && sources.has(whole)) return written(whole);
  const real = [...(root?.querySelectorAll('.md-math') ?? [])].filter((e) => range.intersectsNode(e));
  if (!real.some((e) => sources.has(e))) return null;
  const part = range.cloneContents();
  part.querySelectorAll('.md-math').forEach((e, i) => {
    const from = real[i];
    if (from && sources.has(from)) e.replaceChildren(written(from));
  });
  return lines(part).trimEnd();
}

function written(e: Element): string {
  const { tex, display } = sources.get(e) ?? { tex: e.textContent ?? '', display: false };
  return display ? `$$\n${tex}\n$$` : `$${tex}$`;
}

const blocks = /^(?:p|div|section|li|h[1-6]|pre|tr|blockquote|figure|ul|ol|table)$/;

/** The text of the nodes, with a line for each block. */
function lines(node: Node): string {
  let out = '';
  for (const n of node.childNodes) {
    if (n.nodeType === Node.TEXT_NODE) out += n.textContent ?? '';
    if (!(n instanceof Element)) continue;
    if (n.localName === 'br') out += '\n';
    else if (blocks.test(n.localName)) out = `${out.trimEnd()}${out.trim() === '' ? '' : '\n'}${lines(n)}\n`;
    else out += lines(n) + (n.localName === 'td' || n.localName === 'th' ? '\t' : '');
  }
  return out;
}
