import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import {
  type CodeToTokensBaseOptions,
  codeToTokensBase,
  createShikiPrimitiveAsync,
  getLastGrammarState,
  type ShikiPrimitive,
  type ThemedToken,
} from '@shikijs/primitive';
import type { Answer, Ask, Row } from './ask';
import { grammars } from './grammars';
import { lookOf, theme } from './theme';

type GrammarState = CodeToTokensBaseOptions['grammarState'];

/** How far a text was read: the state of the grammar after its first `lines`. */
interface Place {
  lines: number;
  state: GrammarState;
}

/** Texts that are remembered: as many as may grow at a time, and some. */
const remembered = 24;
/** Longer lines are data, not code; grammars take very long for them. */
const longest = 1000;
/**
 * How long one line may take, in milliseconds. The first ones of a language
 * compile its rules, which is slow on a busy machine: a line that is given up
 * has no colours for good.
 */
const patience = 5000;

/** Gives the lines of texts their looks, each line once: it goes on where the text ended before. */
export class Colourer {
  #shiki: Promise<ShikiPrimitive> | undefined;
  readonly #places = new Map<number, Place>();

  async answer(ask: Ask): Promise<Answer> {
    const none = { id: ask.id, rows: null };
    const place: Place | undefined = ask.from === 0 ? { lines: 0, state: undefined } : this.#places.get(ask.id);
    const shiki = await this.#ready(ask.lang);
    if (!shiki || place?.lines !== ask.from) return none;
    const end = ask.text.lastIndexOf('\n');
    const rows: Row[] = [];
    let { state } = place;
    if (end >= 0) {
      const tokens = tokensOf(shiki, ask.text.slice(0, end), ask.lang, state);
      state = getLastGrammarState(shiki, tokens) ?? state;
      rows.push(...tokens.map(row));
    }
    this.#remember(ask.id, { lines: place.lines + rows.length, state });
    rows.push(...tokensOf(shiki, ask.text.slice(end + 1), ask.lang, state).map(row));
    return { id: ask.id, rows };
  }

  #remember(id: number, place: Place): void {
    this.#places.delete(id);
    this.#places.set(id, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > remembered && oldest !== undefined) this.#places.delete(oldest);
  }

  async #ready(lang: string): Promise<ShikiPrimitive | null> {
    const grammar = Object.hasOwn(grammars, lang) ? grammars[lang] : undefined;
    if (!grammar) return null;
    this.#shiki ??= createShikiPrimitiveAsync({
      themes: [theme],
      langs: [],
      engine: createJavaScriptRegexEngine({ forgiving: true }), // a rule that JavaScript cannot express is left out
    });
    const shiki = await this.#shiki;
    if (!shiki.getLoadedLanguages().includes(lang)) await shiki.loadLanguage(grammar);
    return shiki;
  }
}

function tokensOf(shiki: ShikiPrimitive, text: string, lang: string, state: GrammarState): ThemedToken[][] {
  const options = { lang, theme: 'looks', tokenizeMaxLineLength: longest, tokenizeTimeLimit: patience };
  return codeToTokensBase(shiki, text, state ? { ...options, grammarState: state } : options);
}

/** Neighbours of one look are one. */
function row(tokens: readonly ThemedToken[]): Row {
  const out: number[] = [];
  for (const { content, color } of tokens) {
    const look = content.trim() === '' ? 0 : lookOf(color);
    if (out.at(-1) === look && out.length > 0) out[out.length - 2] = (out[out.length - 2] ?? 0) + content.length;
    else out.push(content.length, look);
  }
  return out;
}
