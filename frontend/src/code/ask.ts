/** What the page asks its worker: the colours of the lines of one text, piece by piece. */
export interface Ask {
  /** Names a text; its pieces are asked for in order. */
  id: number;
  lang: string;
  /** How many lines of the text were coloured before: 0 begins it. */
  from: number;
  /** Whole lines, and after the last line end the beginning of a line that is coloured for now. */
  text: string;
}

/** A line as pairs of a length and a look (an index into `looks`), one after another. */
export type Row = readonly number[];

export interface Answer {
  id: number;
  /** One row for each line of the question. Null: the worker does not know the text up to there, or the language. */
  rows: readonly Row[] | null;
}

/** The classes of the style sheet, by number: plain, comment, string, number, keyword, type, function. */
export const looks = ['', 'c', 's', 'n', 'k', 'ty', 'f'] as const;
