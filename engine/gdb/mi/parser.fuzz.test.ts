import { expect } from 'vitest';
import { fuzz, nearly } from '../../../transports/testing/fuzz.ts';
import { MiSyntaxError, parseRecord } from './parser.ts';

const right = [
  '12^done,stack=[frame={level="0",addr="0x1",func="main",args=[]},frame={level="1"}]',
  '*stopped,reason="breakpoint-hit",disp="keep",bkptno="1",frame={addr="0x55"},thread-id="1",stopped-threads="all"',
  '=breakpoint-modified,bkpt={number="1",script={"a","b"}},{number="1.1"}',
  '~"caf\\303\\251 \\"x\\"\\n"',
  '^error,msg="No symbol \\"x\\" in current context.",code="undefined-command"',
  '&"warning: \\033[31m\\n"',
  ...['(gdb) ', '{', '}', '[', ']', '="', '"', '\\', '\\3', '\\777', ',', '=', '__proto__="1"', '^', '*'],
];

fuzz('mi', nearly(right, '^*=+~&@"\\{}[],a1-_0n(gdb)\u00e9\u202e\0'), (line) => {
  try {
    JSON.stringify(parseRecord(line));
  } catch (error) {
    if (!(error instanceof MiSyntaxError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(line.length);
  }
});
