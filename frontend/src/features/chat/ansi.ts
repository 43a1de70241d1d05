/** A stretch of terminal output in one look. */
export interface Stretch {
  text: string;
  /** Words for CSS; "" = plain. */
  look: string;
}

const colours = ['', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', ''] as const;

/** Colour codes (SGR). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
const sgr = /\u001b\[([\d;:]*)m/g;
/** Everything else that a terminal obeys: cursor moves, titles, links, single control characters. */
const others =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
  /\u001b\[[0-?]*[ -/]*[@-ln-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-Z\\^-~]|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/g;

/** Output as it is read: without codes, and of a line that was drawn over only what stayed. */
export function plain(output: string): string {
  return settled(output).replace(sgr, '').replaceAll('\u001b', '');
}

/** The same in stretches of colour. Only the eight colours, bold and faint are drawn. */
export function stretches(output: string): Stretch[] {
  const text = settled(output);
  const out: Stretch[] = [];
  let at = 0;
  let now: Look = { colour: '', weight: '' };
  for (const m of text.matchAll(sgr)) {
    push(out, text.slice(at, m.index), now);
    now = next(now, m[1] ?? '');
    at = m.index + m[0].length;
  }
  push(out, text.slice(at), now);
  return out;
}

interface Look {
  colour: string;
  weight: string;
}

function settled(output: string): string {
  return output
    .replace(others, '')
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n');
}

function push(out: Stretch[], raw: string, look: Look): void {
  const text = raw.replaceAll('\u001b', '');
  if (text === '') return;
  const words = [look.colour, look.weight].filter((x) => x !== '').join(' ');
  const last = out.at(-1);
  if (last?.look === words) last.text += text;
  else out.push({ text, look: words });
}

function next(look: Look, codes: string): Look {
  const all = codes.split(/[;:]/).map(Number);
  let { colour, weight } = look;
  for (let i = 0; i < all.length; i++) {
    const code = all[i] ?? 0;
    if (code === 0) {
      colour = '';
      weight = '';
    } else if (code === 1) weight = 'bold';
    else if (code === 2) weight = 'faint';
    else if (code === 22) weight = '';
    else if (code === 39) colour = '';
    else if (code === 38 || code === 48) {
      if (code === 38) colour = ''; // one of many colours: not drawn
      i += all[i + 1] === 5 ? 2 : 4;
    } else if (code >= 30 && code <= 37) colour = colours[code - 30] ?? '';
    else if (code >= 90 && code <= 97) colour = colours[code - 90] ?? '';
  }
  return { colour, weight };
}
