import { expect, it } from 'vitest';
import { fuzz, nearly } from '../../transports/testing/fuzz.ts';
import { parseDml } from './parse.ts';

const right = [
  '<link cmd="k">a</link>',
  '<exec cmd="!x &quot;y&quot;">b</exec>',
  '<b>',
  '</b>',
  '<col fg="a" bg="b">',
  '<b',
  '<link',
  ' cmd="',
  '"',
  '>',
  '&lt;',
  '&',
  '   ',
];

fuzz('dml', nearly(right, '<>/"=& \tblinkcmd'), (text) => {
  const { text: plain, links } = parseDml(text, 1);
  for (const { start, end } of links) expect(start < end && end <= plain.length).toBe(true);
});

it('blanks in a mark that never ends take no square of their number of steps', () => {
  const text = `<b${' '.repeat(1 << 20)}x`;
  expect(parseDml(text, 1).text).toBe(text);
});
