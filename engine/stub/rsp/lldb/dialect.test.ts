import { expect, describe as group, it } from 'vitest';
import { encodePacket } from '../packets.ts';
import { LldbDialect } from './dialect.ts';
import { toGdbSignal, toNativeSignal } from './signals.ts';

/** Registers in an order of LLDB's own: `rax` stands behind `rbx`. */
const NAMES = [
  'rbx',
  'rax',
  'rcx',
  'rdx',
  'rsi',
  'rdi',
  'rbp',
  'rsp',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
  'rip',
  'rflags',
];
const rows = NAMES.map(
  (name, index) => `<reg name="${name}" bitsize="64" regnum="${index + 40}" offset="${index * 8}"/>`,
);
const XML = `<target><architecture>x86_64</architecture><feature>${rows.join('')}</feature></target>`;
const all = NAMES.map((_, index) => index.toString(16).padStart(2, '0').repeat(8)).join('');

const ask = (dialect: LldbDialect, body: string, answer: string) => {
  const words = dialect.translate(body);
  return words ? { send: words.send, answer: `${words.answer(answer)}` } : null;
};

group("lldb-server's packets as GDB wants them", () => {
  const dialect = new LldbDialect('lldb-server 14', XML, '/bin/true');

  it('have registers in order and of their sizes, x for those that it has not', () => {
    const g = ask(dialect, 'g', all)?.answer ?? '';
    expect(g.slice(0, 32)).toBe(`${'01'.repeat(8)}${'00'.repeat(8)}`);
    // eflags: four of its eight bytes; then six segments that it has not.
    expect(g.slice(17 * 16, 17 * 16 + 16)).toBe('11111111xxxxxxxx');
    expect(ask(dialect, 'p0', all)).toEqual({ send: 'g', answer: '01'.repeat(8) });
    expect(ask(dialect, 'g', 'E15')?.answer).toBe('E15');
  });

  it('write registers under their own numbers', () => {
    expect(ask(dialect, `P0=${'ab'.repeat(8)}`, 'OK')?.send).toBe(`P29=${'ab'.repeat(8)}`);
    expect(ask(dialect, 'P11=01020304', 'OK')?.send).toBe('P39=0102030400000000');
    expect(ask(dialect, 'P12=00000000', 'OK')?.answer).toBe('E01');
  });

  it('name signals, breakpoints and watchpoints by GDB’s names', () => {
    const stop = (text: string) => ask(dialect, 'vCont;c', text)?.answer;
    expect(stop('T0athread:7e0;38:0000000000000001;reason:signal;')).toBe(
      'T1e10:0000000000000001;thread:7e0;',
    );
    expect(stop('T05thread:7e0;reason:breakpoint;')).toBe('T05swbreak:;thread:7e0;');
    const at = Buffer.from('4660 0 4660').toString('hex');
    expect(stop(`T05thread:7e0;reason:watchpoint;description:${at};`)).toBe('T05watch:1234;thread:7e0;');
    expect(stop('W07;process:7e0')).toBe('W07');
    expect(stop('X09')).toBe('X09');
    expect(ask(dialect, 'vCont;C1e:7e0;c', '')?.send).toBe('vCont;C0a:7e0;c');
    dialect.interrupted();
    expect(stop('T13thread:7e0;')).toBe('T02thread:7e0;');
    expect(stop('T13thread:7e0;')).toBe('T11thread:7e0;');
  });

  it('carry a description that GDB takes, and their program', () => {
    const xml = ask(dialect, 'qXfer:features:read:target.xml:0,8000', '')?.answer ?? '';
    expect(xml).toMatch(/^l<\?xml.*<architecture>i386:x86-64<\/architecture>.*<\/target>$/);
    expect(encodePacket(xml).length).toBeLessThan(0x8000);
    expect(ask(dialect, 'qXfer:exec-file:read:1:0,100', '')?.answer).toBe('l/bin/true');
    expect(ask(dialect, 'qSupported:x', 'PacketSize=131072;QPassSignals+;qXfer:auxv:read+')?.answer).toBe(
      'PacketSize=20000;qXfer:auxv:read+;qXfer:exec-file:read+;swbreak+;vContSupported+',
    );
  });

  it('of another architecture are refused', () => {
    const other = XML.replace('x86_64', 'riscv64');
    expect(() => new LldbDialect('lldb-server 14', other, '')).toThrow(
      expect.objectContaining({ code: 'STUB_UNSUPPORTED' }),
    );
  });
});

group('signals', () => {
  it('are the same there and back', () => {
    for (let native = 1; native <= 64; native += 1) {
      const gdb = toGdbSignal(native);
      if (gdb !== 143) expect(toNativeSignal(gdb)).toBe(native);
    }
    expect([10, 12, 17, 19, 11, 34].map(toGdbSignal)).toEqual([30, 31, 20, 17, 11, 46]);
  });
});
