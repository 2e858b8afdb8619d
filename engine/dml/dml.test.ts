import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, linked } from './marked.ts';
import { escapeDml, parseDml } from './parse.ts';

describe('DML', () => {
  it('becomes text and links', () => {
    expect(
      parseDml(
        'a <exec cmd="k 3">stack</exec> <b>of</b> <link cmd="lm m &quot;x&quot;" alt="y">all</link>\n',
        7,
      ),
    ).toEqual({
      text: 'a stack of all\n',
      links: [
        { start: 2, end: 7, command: 'k 3', author: 7 },
        { start: 11, end: 14, command: 'lm m "x"', author: 7 },
      ],
    });
  });

  it('leaves alone what is no mark of its own', () => {
    for (const text of ['1 < 2 > 0', 'vector<int>', '<script>x</script>', '<exec cmd=k>x', '&nbsp;'])
      expect(parseDml(text, 1)).toEqual({ text, links: [] });
  });

  it('does not nest, and takes no command of several lines', () => {
    expect(parseDml('<exec cmd="a\nb">x<exec cmd="c">y</exec>z</exec>', 1)).toEqual({
      text: 'xyz',
      links: [
        { start: 0, end: 1, command: 'a b', author: 1 },
        { start: 1, end: 2, command: 'c', author: 1 },
      ],
    });
  });

  it('gives back as it was whatever was escaped', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '<exec cmd="k">', '</link>', '&lt;'), (before, mark) => {
        const text = `${before}${mark}`;
        expect(parseDml(escapeDml(text), 1)).toEqual({ text, links: [] });
      }),
    );
  });
});

describe('marked text', () => {
  it('keeps its links where it is joined', () => {
    const lines = [linked('00 work', '00', '.frame 0'), 'plain', linked('01 main', '01', '.frame 1')];
    const { text, links } = joined(lines, '\n');
    expect(links.map(({ start, end, command }) => [text.slice(start, end), command])).toEqual([
      ['00', '.frame 0'],
      ['01', '.frame 1'],
    ]);
    expect(linked('abc', 'x', 'k')).toEqual({ text: 'abc', links: [] });
  });
});
