import { words as say } from '../../../i18n/palette';

/** A long text as a file: `pasted.txt`, or `pasted-2.md` where that name is taken and it has the looks of Markdown. */
export function fileOf(text: string, taken: readonly string[]): File {
  const markdown = /^(?:#{1,6} \S|```)/m.test(text);
  const name = say('write.paste-name');
  const ending = markdown ? 'md' : 'txt';
  let whole = `${name}.${ending}`;
  for (let n = 2; taken.includes(whole); n++) whole = `${name}-${n}.${ending}`;
  return new File([text], whole, { type: markdown ? 'text/markdown' : 'text/plain' });
}
