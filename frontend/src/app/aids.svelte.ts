/** What helps to get around in the open session. Each is loaded when it is first wanted. */
class Aids {
  /** What is looked for, anew with each wish; null: the bar is closed. */
  find = $state.raw<{ words: string } | null>(null);
  /** The outline lies over a window that has no room for it. */
  sheet = $state(false);
}

export const aids = new Aids();
