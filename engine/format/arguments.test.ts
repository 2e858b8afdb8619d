import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinArguments, splitArguments } from './arguments.ts';

describe('splitArguments', () => {
  it.each([
    ['', []],
    ['  a  b ', ['a', 'b']],
    [`'a b' "c d" e\\ f`, ['a b', 'c d', 'e f']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [`"say \\"hi\\" \\n"`, ['say "hi" \\n']],
    [`'open to the end`, ['open to the end']],
    ['back\\', ['back']],
  ])('%s', (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });

  it('takes apart whatever was joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(splitArguments(joinArguments(args))).toEqual(args);
      }),
    );
  });
});
