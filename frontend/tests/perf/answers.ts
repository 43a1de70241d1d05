import { answer } from '../e2e/answer';

/** Without diagrams: to draw one takes longer than a long task may, whenever it is done. */
const drawn = answer.replaceAll(/```mermaid\n[\s\S]*?```\n\n/g, '');

/** 16 KB with everything else that Markdown can hold here. */
export const longAnswer = drawn.repeat(Math.ceil(16_000 / drawn.length)).slice(0, 16_000);

const prose = 'The clock goes back at two in the morning, and a job that was due at **half past** runs once: in the first pass. ';
const code = '```go\nfunc (s Schedule) Next(t time.Time) time.Time {\n\treturn t.In(s.zone).Truncate(time.Minute)\n}\n```\n';
const table = '| Night | Zone | Runs |\n|---|---|---:|\n| 25 Oct | Europe/Berlin | 12 |\n| 1 Nov | America/New_York | 30 |\n';
const list = '- read the zone\n  - and its *rules*\n- walk forward\n- stop\n';

/** About 500 characters: prose, and code, a table or a list in turn. */
export function shortAnswer(n: number): string {
  return `${prose.repeat(1 + (n % 3))}\n\n${[code, table, list, prose][n % 4]}\nSo much for answer ${n}.`;
}
