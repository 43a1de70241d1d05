// Draws the icons of the installed page from the mark: node scripts/make-icons.mjs
// The mark has straight and 45 degree edges on a grid of 16, so it is filled by
// hand here, with four by four samples for the slanted ones.
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const paper = [0xfd, 0xfb, 0xf9]; // --bg-0 and --ink of the light theme
const ink = [0x22, 0x1d, 0x19];
const mark = corners('M0 1H8V6H13L15 8V15H12V9H8V15H5V9L2 6H5V4H3Z');
const fine = 4;

draw('icon-192', 192, { cell: 9, round: 40 });
draw('icon-512', 512, { cell: 24, round: 108 });
draw('maskable-512', 512, { cell: 18, round: 0 }); // a circle of 80 % must hold it
draw('apple-180', 180, { cell: 7, round: 0 });

function corners(path) {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([MLHV])([\d.]+)(?: ([\d.]+))?/g)].map(([, op, a, b]) => {
    if (op === 'H') x = Number(a);
    else if (op === 'V') y = Number(a);
    else [x, y] = [Number(a), Number(b)];
    return [x, y];
  });
}

function draw(name, size, { cell, round }) {
  const offset = [Math.round((size - cell * 15) / 2), Math.round((size - cell * 16) / 2)]; // the mark is 15 wide
  const lines = Buffer.alloc((size * 4 + 1) * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const filled = share(x, y, (px, py) => inside((px - offset[0]) / cell, (py - offset[1]) / cell));
      const ground = round === 0 ? 1 : share(x, y, (px, py) => onTile(px, py, size, round));
      const at = y * (size * 4 + 1) + 1 + x * 4;
      for (let c = 0; c < 3; c++) lines[at + c] = Math.round(paper[c] + (ink[c] - paper[c]) * filled);
      lines[at + 3] = Math.round(255 * ground);
    }
  }
  writeFileSync(`public/icons/${name}.png`, png(size, lines));
}

function share(x, y, hit) {
  let n = 0;
  for (let i = 0; i < fine; i++) for (let j = 0; j < fine; j++) if (hit(x + (i + 0.5) / fine, y + (j + 0.5) / fine)) n++;
  return n / fine ** 2;
}

function inside(x, y) {
  let within = false;
  for (let i = 0, j = mark.length - 1; i < mark.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [mark[i], mark[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

function onTile(x, y, size, round) {
  const dx = Math.max(round - x, x - (size - round), 0);
  const dy = Math.max(round - y, y - (size - round), 0);
  return dx ** 2 + dy ** 2 <= round ** 2;
}

function png(size, lines) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8); // 8 bits, colours with alpha
  const chunks = [
    ['IHDR', head],
    ['IDAT', deflateSync(lines, { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ];
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...chunks.map(([kind, body]) => chunk(kind, body)),
  ]);
}

function chunk(kind, body) {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(kind, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

function crc(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}
