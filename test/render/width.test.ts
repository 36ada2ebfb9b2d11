import { expect, test } from 'vitest';
import { cleanText } from '../../src/render/clean-text.ts';
import { cutMiddle, cutText, padEnd, padStart, textWidth, wrapText } from '../../src/render/width.ts';

test.each([
  ['abc', 3],
  ['naïve', 5],
  ['e\u0301', 1],
  ['数据', 4],
  ['ｆｕｌｌ', 8],
  ['한국어', 6],
  ['🎉', 2],
  ['👨‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['…', 1],
  ['\u200b', 0],
  ['', 0],
])('%s is %i columns wide', (text, width) => expect(textWidth(text)).toBe(width));

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 4, 'abc…'],
  ['数据数据', 5, '数据…'],
  ['数据数据', 4, '数…'],
  ['a👨‍👩‍👧‍👦b', 3, 'a…'],
  ['ab cd', 4, 'ab…'],
  ['abc', 0, ''],
])('cuts %s to %i columns', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut);
  expect(textWidth(cut)).toBeLessThanOrEqual(Math.max(width, 0));
});

test('cuts a path in its middle', () => {
  expect(cutMiddle('/home/dev/project/src/main.ts', 16)).toBe('/home…rc/main.ts');
});

test('pads by what a terminal shows', () => {
  expect(padEnd('数', 4)).toBe('数  ');
  expect(padStart('数', 4)).toBe('  数');
});

test('wraps at spaces', () => {
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
});

test('takes the power out of text from a log', () => {
  expect(cleanText('a\x1b[31mred\x1b[0m\x1b]0;title\x07b')).toBe('aredb');
  expect(cleanText('two\r\nlines\tand a tab')).toBe('two lines and a tab');
  expect(cleanText('evil\u202etxt.exe\u0007')).toBe('eviltxt.exe');
  expect(cleanText('half \ud83d pair')).toBe('half \ufffd pair');
});
