import { expect, test } from 'vitest';
import { TextCleaner } from './clean-text.ts';

const clean = (...texts: string[]) => {
  const cleaner = new TextCleaner();
  return texts.map((text) => cleaner.clean(text)).join('|');
};

test('line ends are plain, also where they were cut in two', () => {
  expect(clean('a\r\nb\rc\n')).toBe('a\nb\nc\n');
  expect(clean('a\r', '\nb')).toBe('a|\nb');
  expect(clean('a\r', 'b')).toBe('a|\nb');
});

test("a terminal's colours, titles and cursor moves go, the text stays", () => {
  expect(clean('\x1b[1;31mred\x1b[0m \x1b]0;title\x07end\x1b[2K')).toBe('red end');
});

test('a sequence that is cut in two goes as well', () => {
  expect(clean('a\x1b', '[31mb')).toBe('a|b');
  expect(clean('a\x1b[1;3', '1mb\x1b[0m\r', '\nc')).toBe('a|b|\nc');
  expect(clean('a\x1b]0;ti', 'tle\x07b')).toBe('a|b');
});

test('plain text is not touched', () => {
  expect(clean('tab\there')).toBe('tab\there');
});
