import { describe, expect, it } from 'vitest';
import { hex64, symbolOr } from './address.ts';
import { instructionLine } from './instruction.ts';
import { type MemoryFormat, memoryLines } from './memory.ts';
import { arm64RegistersIn } from './operands.ts';
import { arm64Block, x64Block } from './registers.ts';
import { longDate, shortDate } from './time.ts';

const BYTES: MemoryFormat = { size: 1, perLine: 16, kind: 'integer', ascii: true, defaultCount: 128 };
const bytes = new Uint8Array([...'hello world'].map((each) => each.charCodeAt(0)).concat(0, 0, 0, 0, 0xff));

describe('memory lines', () => {
  const slice = { address: 0x555555558020n, bytes, readable: null };
  it('shows bytes with a dash in the middle', () => {
    expect(memoryLines(slice, 16, BYTES, 8)).toEqual([
      '00005555`55558020  68 65 6c 6c 6f 20 77 6f-72 6c 64 00 00 00 00 ff  hello world.....',
    ]);
  });
  it('pads a short line', () => {
    expect(
      memoryLines(
        { ...slice, bytes: new Uint8Array(4), readable: new Uint8Array(4), address: 0n },
        4,
        BYTES,
        8,
      ),
    ).toEqual(['00000000`00000000  ?? ?? ?? ??                                      ????']);
  });
  it('shows double words and quad words', () => {
    const dwords: MemoryFormat = { size: 4, perLine: 4, kind: 'integer', ascii: false, defaultCount: 32 };
    expect(memoryLines(slice, 2, dwords, 8)).toEqual(['00005555`55558020  6c6c6568 6f77206f']);
    const quads: MemoryFormat = { ...dwords, size: 8, perLine: 2 };
    expect(memoryLines(slice, 2, quads, 8)).toEqual([
      '00005555`55558020  6f77206f`6c6c6568 ff000000`00646c72',
    ]);
  });
});

describe('small formats', () => {
  it('addresses and symbols', () => {
    expect(hex64(0x555555555149n)).toBe('00005555`55555149');
    expect(symbolOr(5n, null)).toBe('0x00000000`00000005');
    expect(symbolOr(5n, { module: 'loop', name: 'work', address: 0n, offset: 5n })).toBe('loop!work+0x5');
  });
  it('dates', () => {
    const date = new Date(2024, 4, 5, 10, 22, 7, 31);
    expect(shortDate(date)).toBe('Sun May  5 10:22:07 2024');
    expect(longDate(date)).toMatch(/^Sun May {2}5 10:22:07\.031 2024 \(UTC [+-] \d+:\d\d\)$/);
  });
  it('the register block of AArch64', () => {
    const block = arm64Block(
      new Map([
        ['x1', 1n],
        ['x29', 2n],
        ['cpsr', 0x6000_03c5n],
      ]),
    ).split('\n');
    expect(block[0]).toMatch(/^ x0=\?{16} {3}x1=0000000000000001 {3}x2=/);
    expect(block[7]).toMatch(/^x28=\?{16} {3}fp=0000000000000002 {3}lr=\?{16} {3}sp=\?{16}$/);
    expect(block[8]).toBe(` pc=${'?'.repeat(16)}  psr=600003c5 -ZC- EL1`);
    expect(block).toHaveLength(9);
  });
  it('instructions of AArch64', () => {
    const line = (text: string) =>
      instructionLine(
        { address: 0xffff_8000_0020_0ab0n, bytes: new Uint8Array([0xe5, 0xff, 0xff, 0x97]), text },
        (address) => (address === 0xffff_8000_0020_0a44n ? 'kernel!worker_loop' : null),
        'arm64',
      ).slice('ffff8000`00200ab0 97ffffe5 '.length);
    expect(line('bl\t0xffff800000200a44 <worker_loop>')).toBe(
      'bl          kernel!worker_loop (ffff8000`00200a44)',
    );
    expect(line('tbnz\tw0, #3, 0xffff800000200a44 <worker_loop>')).toBe(
      'tbnz        w0, #3, kernel!worker_loop (ffff8000`00200a44)',
    );
    expect(line('mov\tx0, #0x10                  \t// #16')).toBe('mov         x0, #0x10');
    expect(line('ret')).toBe('ret');
    expect(arm64RegistersIn('ldp\tx29, x30, [sp, #16]')).toEqual(['x29', 'x30', 'sp']);
    expect(arm64RegistersIn('add\tx1, x1, w0, sxtw #3')).toEqual(['x1', 'w0']);
  });
  it('the register block', () => {
    const block = x64Block(
      new Map([
        ['rax', 1n],
        ['r8', 2n],
        ['eflags', 0x246n],
        ['cs', 0x33n],
      ]),
    ).split('\n');
    expect(block[0]).toBe('rax=0000000000000001 rbx=???????????????? rcx=????????????????');
    expect(block[3]).toMatch(/^ r8=0000000000000002 {2}r9=/);
    expect(block[6]).toBe('iopl=0         nv up ei pl zr na pe nc');
    expect(block[7]).toBe('cs=0033  ss=????  ds=????  es=????  fs=????  gs=????             efl=00000246');
  });
});
