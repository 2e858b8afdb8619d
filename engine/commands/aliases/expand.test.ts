import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AliasLookup, expandAliases } from './expand.ts';

const NAMES = new Map([
  ['short', 'loop!g_count'],
  ['two', '.echo a; .echo b'],
  ['$arg1', 'first'],
]);
const aliases: AliasLookup = {
  fixed: (digit) => (digit === 1 ? 'FIXED' : digit === 2 ? 'short' : ''),
  named: (name) => NAMES.get(name) ?? null,
};
const expand = (text: string): string | null => expandAliases(text, aliases, 1000);

describe('aliases in a text', () => {
  it.each([
    ['dd short', 'dd loop!g_count'],
    ['dd short+4', 'dd short+4'],
    ['dd ${short}+4', 'dd loop!g_count+4'],
    ['short', 'loop!g_count'],
    [';short;', ';loop!g_count;'],
    ['"short"', '"loop!g_count"'],
    ['(short)', '(short)'],
    ['Short', 'Short'],
    ['a${short}b${short}', 'aloop!g_countbloop!g_count'],
    ['two', '.echo a; .echo b'],
    ['dd $u1+8', 'dd FIXED+8'],
    ['x$u1y $u11', 'xFIXEDy FIXED1'],
    ['$u0', ''],
    // Fixed ones come first, and what they give is looked at once more.
    ['dd $u2', 'dd loop!g_count'],
    ['${/d:short} ${/d:no}', '1 0'],
    ['[${/f:short}] [${/f:no}]', '[loop!g_count] []'],
    ['${/n:short} ${/n:no}', 'short ${/n:no}'],
    ['${/v:short} ${/v:no}', '${/v:short} ${/v:no}'],
    ['${no} ${} ${ short }', '${no} ${} ${ loop!g_count }'],
    ['${$arg1} ${$arg2}', 'first ${$arg2}'],
    ['as short short', 'as short short'],
    ['aS x ${short}', 'aS x ${short}'],
    ['al; short', 'al; short'],
    ['ad short', 'ad short'],
    [';as x short', ';as x loop!g_count'],
    [' as x short', ' as x loop!g_count'],
  ])('%s', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it('has a limit', () => {
    expect(expandAliases('short short', aliases, 20)).toBeNull();
    expect(expandAliases('$u1$u1$u1', aliases, 10)).toBeNull();
    expect(expandAliases('short', aliases, 12)).toBe('loop!g_count');
  });

  it('leaves a text alone that names none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/\$u\d/.test(text));
        const none: AliasLookup = { fixed: () => '', named: () => null };
        fc.pre(!text.includes('${/'));
        expect(expandAliases(text, none, 1e6)).toBe(text);
      }),
    );
  });

  it('replaces each word that stands by itself', () => {
    const word = fc.stringMatching(/^[b-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.constantFrom(' ', ';', '"'), (words, between) => {
        const upper: AliasLookup = { fixed: () => '', named: (name) => name.toUpperCase() };
        const text = words.join(between);
        expect(expandAliases(text, upper, 1e6)).toBe(text.toUpperCase());
      }),
    );
  });
});
