import { type Answer, type Ask, looks, type Row } from './ask';
import { languageOf } from './names';

/** Lines asked for at a time: what the page then sets takes a few milliseconds at most. */
const slice = 150;
/** Lines after these stay plain. */
const most = 2000;
/** Whole texts whose rows are kept, for when they are shown again. */
const kept = 120;
const growing = 8;

/**
 * Shows the code of one element: plain text at once, its colours when they
 * arrive. Lines that were coloured are never touched again.
 */
class Painting {
  readonly rows: Row[] = [];
  text = '';
  open = true;
  /** Where the first line begins that has no final colours. */
  settled = 0;
  id = 0;
  /** All that is to have colours has them. */
  done = false;
  /** The colours of the line after the final ones, as far as it had come. */
  tail: Row = [];
  /** Nodes before this one are final. */
  #final = 0;

  constructor(
    readonly element: Element,
    readonly lang: string,
  ) {}

  show(text: string, open: boolean): void {
    this.open = open;
    if (text === this.text && this.element.firstChild) return;
    if (this.text === '' || !text.startsWith(this.text)) this.restart(text);
    else this.#grow(text.slice(this.text.length));
    this.text = text;
    this.done = this.rows.length >= most;
  }

  /** Final nodes stay as they are, also when they end with a text. */
  #grow(more: string): void {
    const { lastChild, childNodes } = this.element;
    if (lastChild?.nodeType === Node.TEXT_NODE && childNodes.length > this.#final) (lastChild as Text).appendData(more);
    else this.element.append(more);
  }

  /** Plain, as at the beginning. */
  restart(text = this.text): void {
    if (this.element.textContent !== text || this.element.childNodes.length > 1) this.element.textContent = text;
    this.rows.length = 0;
    this.tail = [];
    this.settled = 0;
    this.#final = 0;
    this.id = 0;
    this.done = false;
  }

  /** The next lines without colours. */
  question(): string {
    let end = this.settled;
    for (let n = 0; n < Math.min(slice, most - this.rows.length); n++) {
      const next = this.text.indexOf('\n', end);
      if (next < 0) return this.text.slice(this.settled);
      end = next + 1;
    }
    return this.text.slice(this.settled, end);
  }

  /** Sets the colours of the lines after the final ones. The last row is of an unfinished line. */
  paint(rows: readonly Row[]): void {
    const whole = rows.slice(0, -1);
    const nodes = document.createDocumentFragment();
    let at = this.settled;
    for (const r of whole) at = append(nodes, this.text, at, r, '\n');
    const final = this.#final + nodes.childNodes.length;
    this.tail = rows.at(-1) ?? [];
    const end = append(nodes, this.text, at, this.tail, '');
    while (this.element.childNodes.length > this.#final) this.element.lastChild?.remove();
    if (end < this.text.length) nodes.append(this.text.slice(end));
    this.element.append(nodes);
    this.rows.push(...whole);
    this.#final = final;
    this.settled = at;
    this.done = this.rows.length >= most || end >= this.text.length;
  }
}

/** Adds a line's pieces from the offset `at` on, and returns the offset after them and `after`. */
function append(to: DocumentFragment, text: string, at: number, row: Row, after: string): number {
  let from = at;
  let plain = '';
  for (let i = 0; i < row.length; i += 2) {
    const piece = text.slice(from, from + (row[i] ?? 0));
    const look = looks[row[i + 1] ?? 0];
    from += piece.length;
    if (!look) {
      plain += piece;
      continue;
    }
    if (plain !== '') to.append(plain);
    plain = '';
    const span = document.createElement('span');
    span.className = look;
    span.textContent = piece;
    to.append(span);
  }
  if (plain + after !== '') to.append(plain + after);
  return from + after.length;
}

/** Colours all code of the page with one worker, one question at a time: what grows goes first, then what came last. */
export class Painter {
  readonly #paintings = new WeakMap<Element, Painting>();
  readonly #waiting = new Set<Painting>();
  /** The newest paintings that grew: what they show may go on in another element. */
  readonly #growing = new Set<Painting>();
  readonly #kept = new Map<string, readonly Row[]>();
  #worker: Worker | null = null;
  #state: 'none' | 'starting' | 'ready' | 'failed' = 'none';
  #asked: { painting: Painting; text: string; id: number } | null = null;
  #ids = 0;

  /** `start` makes the worker, or fails; without one everything stays plain. */
  constructor(private readonly start: () => Promise<Worker>) {}

  /** Shows text in an element whose children nobody else sets. */
  show(element: Element, name: string, text: string, open: boolean): void {
    const lang = languageOf(name) ?? '';
    const old = this.#paintings.get(element);
    const painting = old?.lang === lang ? old : new Painting(element, lang);
    this.#paintings.set(element, painting);
    painting.show(text, open);
    if (lang === '' || this.#state === 'failed') return;
    if (painting !== old) this.#inherit(painting);
    if (open) limit(this.#growing.add(painting), growing);
    if (painting.done) return;
    this.#waiting.add(painting);
    this.#pump();
  }

  /** Takes over what is known of the text, so that it has its colours from its first frame on. */
  #inherit(painting: Painting): void {
    const { text, lang } = painting;
    const rows = this.#kept.get(key(lang, text));
    if (rows) {
      painting.paint(rows);
      return;
    }
    for (const p of this.#growing) {
      if (p.lang !== lang || p.settled === 0 || !text.startsWith(p.text)) continue;
      painting.paint([...p.rows, p.tail]);
      painting.id = p.id;
      this.#growing.delete(p);
      return;
    }
  }

  #pump(): void {
    if (this.#state === 'none') void this.#begin();
    if (this.#state !== 'ready' || this.#asked) return;
    const painting = this.#next();
    if (!painting) return;
    if (painting.id === 0) painting.id = ++this.#ids;
    const text = painting.question();
    const ask: Ask = { id: painting.id, lang: painting.lang, from: painting.rows.length, text };
    this.#asked = { painting, text, id: painting.id };
    this.#worker?.postMessage(ask);
  }

  async #begin(): Promise<void> {
    this.#state = 'starting';
    try {
      this.#worker = await this.start();
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
      this.#worker.onerror = () => this.#fail();
      this.#state = 'ready';
      this.#pump();
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    this.#state = 'failed';
    this.#waiting.clear();
  }

  #next(): Painting | null {
    for (const p of this.#waiting) if (!p.element.isConnected) this.#waiting.delete(p);
    const all = [...this.#waiting];
    const next = all.findLast((p) => p.open) ?? all.at(-1) ?? null;
    if (next) this.#waiting.delete(next);
    return next;
  }

  #answered({ id, rows }: Answer): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked?.painting.id === id) this.#take(asked.painting, asked.text, rows);
    this.#pump();
  }

  #take(painting: Painting, text: string, rows: readonly Row[] | null): void {
    if (rows === null) {
      if (painting.rows.length === 0) return; // its language did not load
      painting.restart();
    } else if (painting.text.startsWith(text, painting.settled)) {
      painting.paint(rows);
      if (painting.done && !painting.open) this.#keep(painting);
    }
    if (!painting.done) this.#waiting.add(painting);
  }

  #keep({ lang, text, rows, tail }: Painting): void {
    if (rows.length <= 2 * slice) limit(this.#kept.set(key(lang, text), [...rows, tail]), kept);
  }
}

function key(lang: string, text: string): string {
  return `${lang}\n${text}`;
}

/** Forgets what was put in first. */
function limit<K>(all: Map<K, unknown> | Set<K>, size: number): void {
  const [oldest] = all.keys();
  if (all.size > size && oldest !== undefined) all.delete(oldest);
}
