import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Bytes } from './bytes.ts';
import { OLD_ORC, Orc, type OrcLayout } from './orc.ts';
import { symbolFile } from './symbol-file.ts';
import { unwind } from './unwind.ts';

const TEXT = 0xffff_ffff_8100_0000n;
const NEW_ORC: OrcLayout = { typeBits: 3, hasEnd: false };
/** Numbers of registers as the kernel has them. */
const [UNDEFINED, PREV, BP, SP, BP_INDIRECT, SP_INDIRECT, R10] = [0, 1, 4, 5, 8, 9, 6];

interface Row {
  readonly at: number;
  readonly sp: number;
  readonly offset: number;
  readonly bp?: number;
  readonly bpOffset?: number;
  readonly type?: number;
  readonly end?: boolean;
}

function orc(rows: readonly Row[], layout = OLD_ORC): Orc {
  const ipsAt = TEXT + 0x100_0000n;
  const ips = Buffer.alloc(rows.length * 4);
  const entries = Buffer.alloc(rows.length * 6);
  rows.forEach(({ at, sp, offset, bp = UNDEFINED, bpOffset = 0, type = 0, end = false }, index) => {
    ips.writeInt32LE(Number(TEXT + BigInt(at) - (ipsAt + BigInt(4 * index))), 4 * index);
    entries.writeInt16LE(offset, 6 * index);
    entries.writeInt16LE(bpOffset, 6 * index + 2);
    entries.writeUInt16LE(
      sp | (bp << 4) | (type << 8) | (end ? 1 << (8 + layout.typeBits) : 0),
      6 * index + 4,
    );
  });
  return new Orc(ips, ipsAt, entries, layout);
}

/** leaf called by middle (which keeps rbp), that was interrupted; the interrupted one was called by the first. */
const CODE: readonly Row[] = [
  { at: 0x100, sp: SP, offset: 8 },
  { at: 0x104, sp: SP, offset: 16 },
  { at: 0x200, sp: BP, offset: 16, bp: PREV, bpOffset: -16 },
  { at: 0x300, sp: SP, offset: 0, type: 1 },
  { at: 0x400, sp: SP, offset: 24 },
  { at: 0x500, sp: UNDEFINED, offset: 0, end: true },
];

describe('ORC', () => {
  it('is looked up by address', () => {
    const table = orc(CODE);
    expect(table.at(TEXT + 0xffn)).toBeNull();
    expect(table.at(TEXT + 0x103n)).toMatchObject({ kind: 'call', sp: 'sp', spOffset: 8 });
    expect(table.at(TEXT + 0x104n)).toMatchObject({ spOffset: 16, bp: 'same' });
    expect(table.at(TEXT + 0x2ffn)).toMatchObject({ sp: 'bp', bp: 'caller', bpOffset: -16 });
    expect(table.at(TEXT + 0x9999n)).toMatchObject({ kind: 'end' });
  });

  it('is read as kernels from 6.4 on have it, too', () => {
    const rows = [0, 1, 2, 3, 4].map((type) => ({ at: 0x10 * type, sp: SP, offset: 8, type }));
    const table = orc(rows, NEW_ORC);
    expect(rows.map((_, index) => table.entry(index).kind)).toEqual([
      'end',
      'end',
      'call',
      'registers',
      'interrupt',
    ]);
    expect(orc([{ at: 0, sp: R10, offset: 8 }]).entry(0)).toMatchObject({ sp: 'other', register: 10 });
  });

  it('leads through a stack, interrupts included', () => {
    const table = orc(CODE);
    const base = 0xffff_c900_0000_0000n;
    const stack = Buffer.alloc(0x400);
    const put = (at: number, value: bigint) => stack.writeBigUInt64LE(value, at);
    // leaf: its caller is 16 above its stack pointer; middle keeps rbp at 0x40.
    put(0x18, TEXT + 0x220n);
    put(0x40, 0x1234n);
    put(0x48, TEXT + 0x350n);
    // The registers of what was interrupted, at 0x50.
    put(0x50 + 32, 0x5678n);
    put(0x50 + 128, TEXT + 0x420n);
    put(0x50 + 152, base + 0x200n);
    put(0x210, TEXT + 0x510n);
    const frames = unwind(
      (at) => table.at(at),
      { address: base, bytes: new Bytes(stack) },
      {
        ip: TEXT + 0x110n,
        sp: base + 0x10n,
        bp: base + 0x40n,
      },
    );
    expect(frames.map(({ address }) => Number(address - TEXT))).toEqual([0x110, 0x220, 0x350, 0x420, 0x510]);
    expect(frames.map(({ stackPointer }) => Number(stackPointer - base))).toEqual([
      0x10, 0x20, 0x50, 0x200, 0x218,
    ]);
  });

  it('ends at what leads out of the stack, or in circles', () => {
    const table = orc([{ at: 0x100, sp: SP, offset: 8 }]);
    const bytes = new Bytes(Buffer.alloc(64));
    const from = (sp: bigint) =>
      unwind((at) => table.at(at), { address: 0x1000n, bytes }, { ip: TEXT + 0x120n, sp, bp: 0n });
    expect(from(0x1000n)).toHaveLength(1);
    expect(from(0x9000n)).toHaveLength(1);
    expect(from(0n)).toHaveLength(1);
  });

  it('becomes call frame information that binutils read the same way', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-orc-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const rows = [
      ...CODE.slice(0, 5),
      { at: 0x410, sp: BP_INDIRECT, offset: 8, bp: BP, bpOffset: -24 },
      { at: 0x420, sp: SP_INDIRECT, offset: 24 },
      { at: 0x430, sp: R10, offset: 8 },
      { at: 0x440, sp: SP, offset: 0, type: 2 },
      { at: 0x500, sp: UNDEFINED, offset: 0, end: true },
    ];
    const text = { name: '.text', start: TEXT, end: TEXT + 0x1000n, execute: true, write: false };
    const file = join(folder, 'made');
    writeFileSync(file, symbolFile([text], [], { orc: orc(rows), name: 'vmlinux' }));
    const said = execFileSync('readelf', ['--debug-dump=frames-interp', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const rule = (at: number) => {
      const line = said.split('\n').find((one) => one.startsWith((TEXT + BigInt(at)).toString(16)));
      return line?.trim().split(/ +/).slice(1);
    };
    const heads = [...said.matchAll(/pc=(\w+)\.\.(\w+)\n +LOC +CFA +(.*)/g)];
    expect(
      heads.map(([, from, to]) => [Number(BigInt(`0x${from}`) - TEXT), Number(BigInt(`0x${to}`) - TEXT)]),
    ).toEqual([
      [0x100, 0x300],
      [0x300, 0x400],
      [0x400, 0x440],
      [0x440, 0x500],
      [0x500, 0x1000],
    ]);
    expect(rule(0x100)?.[0]).toBe('rsp+8');
    expect(rule(0x104)?.[0]).toBe('rsp+16');
    expect(rule(0x200)).toEqual(['rbp+16', 'c-16', 'c-8']);
    // Registers of an interrupt: 17 of them, rip among them.
    expect(rule(0x300)?.filter((one) => /^c[+-]\d+$/.test(one))).toHaveLength(17);
    expect(rule(0x300)?.at(-1)).toBe('c+128');
    expect(rule(0x410)).toEqual(['exp', 'exp', 'c-8']);
    expect(rule(0x430)?.[0]).toBe('r10+8');
    expect(rule(0x440)?.slice(-2)).toEqual(['c+24', 'c+0']);
    expect(rule(0x500)?.at(-1)).toBe('u');
  });
});
