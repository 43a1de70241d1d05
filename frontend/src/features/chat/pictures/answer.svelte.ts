import { seenAt, show } from './shown.svelte';

/** A picture as it stands in an answer. */
export interface Drawn {
  readonly address: string;
  readonly alt: string;
  readonly at: Element;
}

/** The pictures of other servers in one answer, in the order in which they stand there. */
export class AnswerPictures {
  #all = $state.raw<readonly Drawn[]>([]);

  add(one: Drawn): () => void {
    const before = (x: Drawn) => (x.at.compareDocumentPosition(one.at) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const i = this.#all.findLastIndex(before) + 1;
    this.#all = this.#all.toSpliced(i, 0, one);
    return () => {
      this.#all = this.#all.filter((x) => x !== one);
    };
  }

  /** Those that nobody asked for yet. */
  get left(): Drawn[] {
    return this.#all.filter((x) => seenAt(x.address) === undefined);
  }

  /** Those that are shown, for a closer look. */
  get shown(): { one: Drawn; src: string }[] {
    return this.#all.flatMap((one) => {
      const seen = seenAt(one.address);
      return seen?.state === 'here' ? [{ one, src: seen.src }] : [];
    });
  }

  showAll(): void {
    for (const { address } of this.left) void show(address);
  }
}

const known = new WeakMap<Element, AnswerPictures>();

/** The pictures of the answer that an element is in. */
export function picturesOf(e: Element): AnswerPictures {
  const answer = e.closest('article') ?? e.ownerDocument.body;
  const have = known.get(answer) ?? new AnswerPictures();
  known.set(answer, have);
  return have;
}
