import { describe, expect, it } from 'vitest';
import { engineErrors } from '../errors.ts';
import { evaluate } from './evaluate.ts';
import { parseMasm } from './parser.ts';
import type { Scope } from './scope.ts';

const MEMORY = new Map([[0x1000n, 0x1122334455667788n]]);

const scope: Scope = {
  pointerSize: 8,
  register: async (name) => ({ rax: 5n, ebx: 6n, al: 7n })[name] ?? null,
  isCommonRegister: (name) => name === 'rax' || name === 'ebx',
  pseudo: async (name) => (name === '$t0' ? 9n : null),
  symbol: async (module, name) =>
    name === 'add'
      ? 0x5000n
      : name === 'work' && (module ?? 'loop') === 'loop'
        ? 0x4000n
        : name === 'rax'
          ? 1n
          : null,
  sourceLine: async (_, file, line) => (file === 'loop.c' && line === 12 ? 0x4010n : null),
  read: async (address, size) => {
    const value = MEMORY.get(address);
    if (value === undefined) throw engineErrors.memoryUnreadable(address);
    return BigInt.asUintN(size * 8, value);
  },
  readable: async (address) => MEMORY.has(address),
  readPhysical: async (address) => (address === 0x20n ? 0x55n : null),
  entryPoint: async (address) => (address === 0x4000n ? 0x4001n : null),
  cpp: async (text) => BigInt(text.length),
};

const value = (text: string): Promise<bigint> => evaluate(parseMasm(text, 0, 16).node, scope, text);

describe('the MASM evaluator', () => {
  it.each([
    ['-1', 0xffffffffffffffffn],
    ['2-3', 0xffffffffffffffffn],
    ['-2 >>> 1', 0xffffffffffffffffn],
    ['-2 >> 1', 0x7fffffffffffffffn],
    ['1 << 40', 0n],
    ['1 << 3f', 0x8000000000000000n],
    ['3 = 3', 1n],
    ['-1 > 0', 1n],
    ['not 5', 0n],
    ['not 0', 1n],
    ['hi 12345678', 0x1234n],
    ['low 12345678', 0x5678n],
    ['by 1000', 0x88n],
    ['wo 1000', 0x7788n],
    ['dwo 1000', 0x55667788n],
    ['qwo 1000', 0x1122334455667788n],
    ['poi(800+800)', 0x1122334455667788n],
    ['$ppoi(20)', 0x55n],
    ['$pby 20 + 1', 0x56n],
    ['0x0`ffffffff & -1', 0xffffffffn],
    ['7 mod 4', 3n],
    ['rax', 5n],
    ['loop!rax', 1n],
    ['al', 7n],
    ['work+4', 0x4004n],
    ['!work+4', 0x4004n],
    ['!add', 0x5000n],
    ['add', 0xaddn],
    ['`loop.c:12`', 0x4010n],
    ['@$t0', 9n],
    ['$vvalid(1000,8)', 1n],
    ['$vvalid(2000,8)', 0n],
    ['$scmp("a","b")', 0xffffffffffffffffn],
    ['$sicmp("A","a")', 0n],
    ['$spat("work_item","WORK*")', 1n],
    ['$iment(work)', 0x4001n],
    ['@@c++(abc)', 3n],
    ['6 xor 3 | 8', 0xdn],
  ])('%s', async (text, expected) => {
    expect(await value(text)).toBe(expected);
  });

  it.each([
    ['1/0', 'OPERAND'],
    ['1 mod 0', 'OPERAND'],
    ['nosuch', 'UNRESOLVED'],
    ['other!work', 'UNRESOLVED'],
    ['`other.c:1`', 'UNRESOLVED'],
    ['@nosuch', 'BAD_ARGUMENT'],
    ['poi(0)', 'MEMORY_UNREADABLE'],
    ['$pdwo(0)', 'BAD_ARGUMENT'],
  ])('%s fails with %s', async (text, code) => {
    await expect(value(text)).rejects.toMatchObject({ code });
  });

  it.each([
    ['80000000', 0xffffffff80000000n],
    ['0n4294967295', 0xffffffffffffffffn],
    ['7fffffff', 0x7fffffffn],
    ['100000000', 0x100000000n],
    ['0`80000000', 0x80000000n],
    ['0x0`ffffffff & 80000000', 0x80000000n],
  ])('%s of a kernel', async (text, expected) => {
    expect(await evaluate(parseMasm(text, 0, 16, true).node, scope, text)).toBe(expected);
  });

  it('points at the name that is not known', async () => {
    await expect(value('work + nosuch')).rejects.toMatchObject({ data: { offset: 7 } });
  });
});
