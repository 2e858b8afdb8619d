import { LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language';

const REGISTER =
  /^(?:%\w+|[re]?(?:[abcd]x|[sd]i|[sb]p)|r(?:[89]|1[0-5])[dwb]?|[re]?ip|[abcd][hl]|[c-gs]s|[xyz]mm\d+|[xwqdsv]\d{1,2}|sp|lr|pc|xzr|wzr)\b/i;

/** GNU assembly, of any processor: comments, directives, labels, registers, numbers. */
const assembly = StreamLanguage.define<{ comment: boolean; start: boolean }>({
  name: 'assembly',
  startState: () => ({ comment: false, start: true }),
  token(stream, state) {
    if (stream.sol()) state.start = true;
    if (state.comment) return inComment(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match('/*')) {
      state.comment = true;
      return inComment(stream, state);
    }
    if (stream.match(/^(?:\/\/|;|#(?!\d|0x|-)).*/) || (state.start && stream.match(/^[#@].*/)))
      return 'comment';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^[\w.$@]+:/)) return 'labelName';
    if (stream.match(/^\.\w+/)) {
      state.start = false;
      return 'meta';
    }
    if (stream.match(REGISTER)) return 'variableName.special';
    if (stream.match(/^[$#]?-?(?:0x[\da-f]+|\d[\da-f]*h?)\b/i)) return 'number';
    if (stream.match(/^[A-Za-z_][\w.$@]*/)) {
      const first = state.start;
      state.start = false;
      return first ? 'keyword' : 'variableName';
    }
    stream.next();
    return null;
  },
});

function inComment(stream: StringStream, state: { comment: boolean }): string {
  if (stream.match(/^.*?\*\//)) state.comment = false;
  else stream.skipToEnd();
  return 'comment';
}

export const assemblyLanguage = () => new LanguageSupport(assembly);
