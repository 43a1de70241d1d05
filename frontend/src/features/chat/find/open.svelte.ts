/** The parts that hold what a person has just gone to: whoever shows one of them closed opens it. */
class Opened {
  #parts = $state.raw<readonly string[]>([]);
  #row = $state.raw<string>();

  /** It must not be hidden in something else. */
  has(part: string): boolean {
    return this.#parts.includes(part);
  }

  /** What it holds must be seen. */
  inside(part: string): boolean {
    return part !== this.#row && this.has(part);
  }

  /** `row`: the part of which its row is enough. */
  want(parts: readonly string[], row?: string): void {
    this.#parts = parts;
    this.#row = row;
  }
}

export const opened = new Opened();
