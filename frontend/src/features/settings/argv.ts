/** A command line as words. `open`: a quote at its end is not closed. */
export interface Words {
  words: string[];
  open: boolean;
}

/**
 * Splits a command as a shell would, and nothing more: quotes keep words
 * together, a backslash outside of single quotes takes the next character as it
 * is. Variables, pipes and wildcards mean nothing: no shell runs it.
 */
export function split(line: string): Words {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quote !== '' && c === quote) quote = '';
    else if (quote === "'") word += c;
    else if (c === '\\' && escapes(line.charAt(i + 1), quote)) word = (word ?? '') + line.charAt(++i);
    else if (quote !== '') word += c;
    else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (word !== null) words.push(word);
  return { words, open: quote !== '' };
}

/** A path of Windows keeps its backslashes. */
function escapes(next: string, quote: string): boolean {
  return quote === '"' ? next === '"' || next === '\\' : /[\s"'\\]/.test(next);
}

/** The line that split makes these words of. */
export function join(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (word !== '' && !/[\s"'\\]/.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}
