/** Walks through what was said before, as a shell does, as long as the text is what it put there. */
export class Recall {
  #at = 0;
  #shown = '';

  /** The prompt before or after; null: there is none. After the newest one comes the empty composer. */
  step(by: -1 | 1, text: string, turns: readonly { prompt: { text: string } }[]): string | null {
    if (text !== '' && text !== this.#shown) return null;
    const prompts = said(turns);
    if (text === '') this.#at = prompts.length;
    const to = this.#at + by;
    if (to < 0 || to > prompts.length) return null;
    this.#at = to;
    this.#shown = prompts[to] ?? '';
    return this.#shown;
  }

  /** The text is one that was put there. */
  shows(text: string): boolean {
    return text !== '' && text === this.#shown;
  }
}

/** Each text once in a row. */
function said(turns: readonly { prompt: { text: string } }[]): string[] {
  const texts = turns.map((x) => x.prompt.text).filter((x) => x !== '');
  return texts.filter((x, i) => x !== texts[i + 1]);
}
