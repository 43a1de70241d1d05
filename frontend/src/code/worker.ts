import type { Ask } from './ask';
import { Colourer } from './colourer';

/** Runs beside the page, so that no grammar ever holds up typing or scrolling. */
const colourer = new Colourer();

self.onmessage = async ({ data }: MessageEvent<Ask>) => {
  const answer = await colourer.answer(data).catch(() => ({ id: data.id, rows: null })); // without colours the text stands as it is
  self.postMessage(answer);
};
