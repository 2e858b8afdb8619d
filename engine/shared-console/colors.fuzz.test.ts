import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { fuzz, nearly } from '../../transports/testing/fuzz.ts';
import { LinePainter, parseColorFile } from './colors.ts';

const right = [
  'Error\nred, lwhite\n',
  'two words\nGREEN\n',
  '\r\n',
  ',',
  'constructor',
  '__proto__\nred',
  'toString\ntoString',
  '\u001b[31m\nblue',
];

fuzz('colour-files', nearly(right, 'redgn ,\n\r\t\u001b\0é'), (text) => {
  const file = parseColorFile(text);
  if (!('keywords' in file)) return expect(file.line).toBeGreaterThan(0);
  const painter = new LinePainter(file.keywords, { text: 'red', background: null });
  const painted = painter.paint(`${text}\n`);
  // Nothing is lost, only colours are put in between.
  const bare = (one: string) => stripVTControlCharacters(one).replaceAll('\r', '');
  expect(bare(painted)).toBe(bare(`${text}\n`));
});
