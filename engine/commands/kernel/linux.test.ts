import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Backend } from '../../backend/backend.ts';
import type { KernelAccess, MemoryBlock } from '../../backend/types.ts';
import { BANNER, makeImage, TEXT } from '../../kernel/linux/testing/image.ts';
import type { Kernel } from './access.ts';
import { Linux } from './linux.ts';

/** A kernel at the end of a wire that carries 16 KB in more than a second. */
function slowKernel(): { system: Kernel; read(): number } {
  const { memory, root } = makeImage();
  memory.room(TEXT, 0x20_0000);
  let read = 0;
  const block = async (address: bigint, length: number): Promise<MemoryBlock> => {
    read += length;
    if (length >= 16_384 && length < 1 << 20) await sleep(1100);
    const bytes = await memory.read(address, length);
    return {
      address,
      bytes: bytes ?? new Uint8Array(length),
      readable: bytes ? null : new Uint8Array(length),
    };
  };
  const kernel = { physical: async () => true, readPhysical: block } as unknown as KernelAccess;
  const target = {
    kernel,
    readMemory: block,
    registerNames: async () => ['rip', 'cr3', 'cr4'],
    registers: async () =>
      new Map([
        ['cr3', root],
        ['cr4', 0n],
        ['rip', TEXT + 0x1234n],
      ]),
  } as unknown as Backend;
  const threads = [{ index: 0, tid: 1, name: '', running: false }];
  return { system: { target, isX64: true, thread: 0, threads, forgetModules: () => {} }, read: () => read };
}

const options = { symbolPath: [], image: null, force: false, check: () => {} };

it('over a slow wire a kernel is found, and its tables are read only when they are asked for', async () => {
  const { system, read } = slowKernel();
  const linux = await Linux.find(system, options);
  expect(linux?.lines).toEqual([
    BANNER.replace('\n\0', ''),
    `Kernel base = 0x${TEXT.toString(16)}`,
    expect.stringMatching(
      /^The kernel has no symbols here: reading them .* about \d+ minutes; \.reload does it/,
    ),
  ]);
  // Page tables, the beginning of the read-only data, and one probe.
  expect(read()).toBeLessThan(64 * 1024);
  expect(() => linux?.target('!process', () => {})).toThrow(
    /the kernel’s symbols are not known: reading them/,
  );
  const forced = await Linux.find(system, { ...options, force: true });
  expect(read()).toBeGreaterThan(1 << 20);
  expect(forced?.lines.at(-1)).toContain('its kallsyms were not found');
});

it('what is given up is given up', async () => {
  const { system } = slowKernel();
  const check = () => {
    throw new Error('given up');
  };
  await expect(Linux.find(system, { ...options, check })).rejects.toThrow('given up');
});
