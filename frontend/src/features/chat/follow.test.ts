import { expect, it } from 'vitest';
import { follows } from './follow';

const at = (top: number, height = 1000, view = 400) => ({ top, height, view });

it('lets go at the smallest move up', () => {
  expect(follows(true, at(600), at(590))).toBe(false);
});

it('takes hold again near the end, not before', () => {
  expect(follows(false, at(300), at(400))).toBe(false);
  expect(follows(false, at(400), at(530))).toBe(true);
});

it('stays when the text gets longer or shorter by itself', () => {
  expect(follows(true, at(600), at(600, 1200))).toBe(true);
  expect(follows(true, at(600), at(480, 900))).toBe(true);
});

it('stays let go while text comes', () => {
  expect(follows(false, at(500), at(500, 1500))).toBe(false);
});
