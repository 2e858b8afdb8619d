import { expect, it } from 'vitest';
import { rig } from '../testing/backend.ts';
import { processServerStub } from '../testing/process-server.ts';
import { compile } from '../testing/programs.ts';

const SIZE = 3 << 20;

const program = compile(
  'bulk.c',
  `
  #include <stdlib.h>
  #include <sys/mman.h>
  unsigned char *block;
  void ready(void) {}
  // Behind it in the code.
  __attribute__((section(".text"))) const unsigned char more[400000] = {1};
  int main(void) {
    block = mmap(0, ${SIZE}, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // Some of it repeats, some of it does not.
    for (unsigned i = 0; i < ${SIZE}; i++) block[i] = i >> 20 == 1 ? 0 : (i * 2654435761u) >> 13;
    ready();
    munmap(block + (2 << 20), 4096);
    ready();
    return 0;
  }
`,
).path;

const expected = Buffer.alloc(SIZE);
for (let i = 0; i < SIZE; i += 1) expected[i] = i >> 20 === 1 ? 0 : Math.imul(i, 2654435761) >>> 13;

it('much memory is read past GDB, holes and breakpoints left out', async () => {
  const stub = await processServerStub();
  const { backend, resume } = await rig({ stub });
  await backend.launch({ program, args: [] });
  const where = { kind: 'symbol', module: null, name: 'ready', offset: 0n } as const;
  await backend.insertBreakpoint({ where, oneShot: false });
  await resume();
  const pointer = await backend.resolveSymbol(null, 'block', null);
  const { bytes } = await backend.readMemory(pointer ?? 0n, 8);
  const block = Buffer.from(bytes).readBigUInt64LE();
  const whole = await backend.readMemory(block, SIZE);
  expect(whole.readable).toBe(null);
  expect(Buffer.compare(whole.bytes, expected)).toBe(0);

  // A breakpoint is inserted there, and not to be seen.
  const code = (await backend.resolveSymbol(null, 'ready', null)) ?? 0n;
  const few = await backend.readMemory(code, 64);
  const many = await backend.readMemory(code, 300_000);
  expect(many.readable).toBe(null);
  expect(Buffer.from(many.bytes.subarray(0, 64))).toEqual(Buffer.from(few.bytes));
  expect(many.bytes[0]).not.toBe(0xcc);

  await resume();
  const holed = await backend.readMemory(block, SIZE);
  expect([holed.readable?.indexOf(0), holed.readable?.lastIndexOf(0)]).toEqual([2 << 20, (2 << 20) + 4095]);
}, 60_000);
