/**
 * Signs that are not seen and may turn the order of what is: directions, joints,
 * tags, controls, fillers. Joints belong into emoji and many scripts, and a
 * carriage return at the end to the line.
 */
const unseen =
  /(?<=^|[\0-\x7f])(?:\u200c|\u200d)|(?!\u200c|\u200d|[\t\n]|\r$)[\p{Cf}\p{Cc}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/** The text of a program as a person has to see it who decides about it: ‹U+202E› in place of what turns the rest around. */
export function told(text: string): string {
  return text.replace(unseen, (c) => `‹U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`);
}
