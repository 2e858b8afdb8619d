import { LanguageSupport, StreamLanguage } from '@codemirror/language';

const words = (text: string) => new Set(text.split(' '));

const KEYWORDS = words(
  'addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer else enum errdefer error export extern fn for if inline linksection noalias noinline nosuspend opaque or orelse packed pub resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while',
);
const VALUES = words('true false null undefined');
const TYPES =
  /^(?:[iuf]\d+|[iu]size|c_\w+|bool|void|noreturn|type|anyerror|anyopaque|comptime_(?:int|float))$/;

/** Zig's tokens; a string of several lines is one line each, so no state is needed. */
const zig = StreamLanguage.define({
  name: 'zig',
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\/.*/)) return 'comment';
    if (stream.match(/^\\\\.*/)) return 'string';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^'(?:[^'\\]|\\.[^']*)'?/)) return 'string';
    if (stream.match(/^@\w+/)) return 'macroName';
    if (stream.match(/^(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)/i)) return 'number';
    if (stream.match(/^[A-Za-z_]\w*/)) {
      const word = stream.current();
      if (KEYWORDS.has(word)) return 'keyword';
      if (VALUES.has(word)) return 'bool';
      if (TYPES.test(word)) return 'typeName';
      return /^\s*\(/.test(stream.string.slice(stream.pos)) ? 'variableName.function' : 'variableName';
    }
    stream.next();
    return null;
  },
});

export const zigLanguage = () => new LanguageSupport(zig);
