import { afterEach, expect, it } from 'vitest';
import { quotation, selectedWords } from './selected';

afterEach(() => {
  document.body.innerHTML = '';
});

function select(from: string, to = from): void {
  const range = document.createRange();
  range.setStart(document.querySelector(from) as Element, 0);
  const end = document.querySelector(to) as Element;
  range.setEnd(end, end.childNodes.length);
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
}

it('takes what is selected in the transcript and nowhere else', () => {
  document.body.innerHTML = '<div role="log"><p id="a">one</p><p id="b">two</p></div><p id="c">three</p>';
  select('#a');
  expect(selectedWords()).toBe('one');
  select('#a', '#b');
  expect(selectedWords()).toContain('two');
  select('#c');
  expect(selectedWords()).toBe('');
  select('#b', '#c'); // it begins in the transcript and ends outside
  expect(selectedWords()).toBe('');
  getSelection()?.removeAllRanges();
  expect(selectedWords()).toBe('');
});

it('quotes every line', () => {
  expect(quotation('one\n\ntwo')).toBe('> one\n> \n> two\n\n');
});
