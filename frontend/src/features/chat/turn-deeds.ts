/** What a person can do with a turn. Absent: it is not offered here and now. */
export interface TurnDeeds {
  resume: () => void;
  regenerate: () => void;
  retry?: (() => void) | undefined;
  undo?: (() => void) | undefined;
  fork?: (() => void) | undefined;
  choose?: ((turn: string) => void) | undefined;
}
