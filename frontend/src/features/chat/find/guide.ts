import { tick } from 'svelte';
import type { Hit } from '../../../api/client';
import type { Turn } from '../../../fold/types';
import { mark, unmark } from './marks';
import { opened } from './open.svelte';
import { bring, logOf } from './scroll';
import { chosen, type Group, grouped, rootsOf, type Spot, spotsIn } from './spots';

/** How long what holds a hit may take to be drawn: the body of a tool call is loaded when it is first opened. */
const patienceMs = 1500;
/** Marks follow a text that grows, but not each word of it. */
const restMs = 250;

/** Takes the reader to hits and marks them in what is drawn. */
export class Guide {
  readonly #bar: Element;
  #groups: readonly Group[] = [];
  #words = '';
  #now: { hit: Hit; spot: Spot | undefined } | null = null;
  #walk = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: MutationObserver | undefined;
  #watched: HTMLElement | null = null;
  #framed: Element | undefined;

  /** `bar` is an element beside the log. */
  constructor(bar: Element) {
    this.#bar = bar;
  }

  /** What is to be marked. */
  show(hits: readonly Hit[], words: string): void {
    this.#groups = grouped(hits);
    this.#words = words;
    if (hits.length === 0) this.#leave();
    this.#draw();
    this.#follow();
  }

  /** It is in the document now, without loading older turns. */
  here(hit: Hit): boolean {
    return this.#turn(hit.turn) !== undefined;
  }

  /**
   * To the hit, through `reveal`. Answers whether its words are drawn; null:
   * another way was begun meanwhile, or its turn is not there any more.
   */
  async go(hit: Hit, reveal: (turn: string) => Promise<Element | null>, turns: () => readonly Turn[]): Promise<boolean | null> {
    this.#walk += 1;
    const mine = this.#walk;
    this.#leave();
    const turn = await reveal(hit.turn);
    if (!turn || mine !== this.#walk) return null;
    opened.want([]); // a part that was closed by hand is opened again
    await tick();
    opened.want(holders(hit, turns()), hit.in === 'title' ? (hit.part ?? undefined) : undefined);
    await tick();
    this.#bring(hit, turn);
    const spot = await this.#drawn(hit, () => mine === this.#walk);
    if (mine !== this.#walk) return null;
    this.#now = { hit, spot };
    if (spot) await this.#settle(spot.range);
    else this.#frame(hit);
    this.#draw();
    return spot !== undefined;
  }

  stop(): void {
    this.#walk += 1;
    clearTimeout(this.#timer);
    this.#watch?.disconnect();
    this.#leave();
    opened.want([]);
    unmark();
  }

  #leave(): void {
    this.#now = null;
    this.#framed?.removeAttribute('data-found');
    this.#framed = undefined;
  }

  /** What comes into view gets its height only then, so the first scroll may not arrive. */
  async #settle(range: Range): Promise<void> {
    const log = logOf(this.#bar);
    for (let i = 0; log && i < 3; i++) {
      bring(range, log);
      await frame();
    }
  }

  async #drawn(hit: Hit, on: () => boolean): Promise<Spot | undefined> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const spot = this.#spot(hit);
      if (spot || !on() || performance.now() > until) return spot;
      await frame();
    }
  }

  #spot(hit: Hit): Spot | undefined {
    const turn = this.#turn(hit.turn);
    const group = this.#groups.find((g) => g.hits.includes(hit));
    if (!turn || !group) return undefined;
    const spots = rootsOf(turn, hit).flatMap((root) => spotsIn(root, this.#words));
    return chosen(spots, hit, group.hits.indexOf(hit), group.hits.length);
  }

  #bring(hit: Hit, turn: Element): void {
    const log = logOf(this.#bar);
    if (log) bring(rootsOf(turn, hit)[0] ?? turn, log);
  }

  /** What cannot be marked is framed: the words are in its source only. */
  #frame(hit: Hit): void {
    const turn = this.#turn(hit.turn);
    this.#framed = turn && (rootsOf(turn, hit)[0] ?? turn);
    this.#framed?.setAttribute('data-found', '');
  }

  #turn(id: string): Element | undefined {
    return logOf(this.#bar)?.querySelector(`[data-turn="${CSS.escape(id)}"]`) ?? undefined;
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = this.#now;
    if (now?.spot && !now.spot.range.startContainer.isConnected) now.spot = this.#spot(now.hit);
    const drawn = new Map<string | undefined, Element>();
    for (const turn of logOf(this.#bar)?.querySelectorAll<HTMLElement>('[data-turn]') ?? []) drawn.set(turn.dataset.turn, turn);
    const ranges = this.#groups.flatMap((g) => {
      const turn = drawn.get(g.turn);
      const roots = turn ? rootsOf(turn, g) : [];
      return roots.flatMap((root) => spotsIn(root, this.#words)).map((s) => s.range);
    });
    mark(ranges, now?.spot?.range ?? null);
  }

  /** The log is another one when an empty session gets its first turn. */
  #follow(): void {
    const log = logOf(this.#bar);
    if (log === this.#watched) return;
    this.#watch?.disconnect();
    this.#watched = log;
    if (!log) return;
    this.#watch = new MutationObserver(() => {
      this.#timer ??= setTimeout(() => this.#draw(), restMs);
    });
    this.#watch.observe(log, { childList: true, characterData: true, subtree: true });
  }
}

/** What has to be open for a hit to be seen: its part, the subagents above, and a long prompt. */
function holders(hit: Hit, turns: readonly Turn[]): string[] {
  if (hit.part === null) return [hit.turn];
  const parts = new Map(turns.find((t) => t.id === hit.turn)?.parts.map((p) => [p.id, p]));
  const out: string[] = [];
  for (let part = parts.get(hit.part); part && !out.includes(part.id); part = parts.get(part.parent ?? '')) out.push(part.id);
  return out;
}

function frame(): Promise<unknown> {
  return new Promise(requestAnimationFrame);
}
