/** As much of an answer is quoted. */
const most = 8000;

/** What is selected in the transcript, as text; '' = nothing is. */
export function selectedWords(): string {
  const range = selectedRange();
  if (!range) return '';
  const words = getSelection()?.toString() ?? '';
  return words
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, most);
}

/** Where that is; null: nothing is selected there. */
export function selectedRange(): Range | null {
  const now = getSelection();
  if (!now || now.isCollapsed || now.rangeCount === 0) return null;
  const range = now.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest('[role="log"]') ? range : null;
}

/** Words as a quotation, with room to write below. */
export function quotation(words: string): string {
  return `${words.replace(/^/gm, '> ')}\n\n`;
}
