import { describe, expect, it } from 'vitest';
import { createGdbBackend } from '../../gdb/backend.ts';
import { processServerStub } from '../../gdb/testing/process-server.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { coreOf } from '../testing/crashes/core.ts';
import { HEAP_FLAGS, heapSource } from '../testing/crashes/heap.ts';

const PATIENCE = { timeout: 120_000 };
const program = compile('heap.c', heapSource, HEAP_FLAGS);

/** What `-x` says of the block that a variable points to. */
async function block(console: Console, variable: string): Promise<string> {
  const said = await console.run(`!heap -x poi(heap!${variable})`);
  return said.split('\n')[2] || said;
}

async function checkBlocks(console: Console): Promise<void> {
  const usable = BigInt(
    /= ([0-9a-f`]+)\n$/
      .exec(await console.run('? poi(heap!g_usable)'))?.[1]
      ?.replace('`', '')
      .replace(/^/, '0x') ?? 0,
  );
  expect(await block(console, 'g_busy')).toMatch(
    new RegExp(` ${(usable + 8n).toString(16)} +290 +8 {2}busy$`),
  );
  expect(await block(console, 'g_cached')).toMatch(/ 200 .* free \(tcache\)$/);
  expect(await block(console, 'g_fast')).toMatch(/ 30 .* free \(fastbin\)$/);
  expect(await block(console, 'g_free')).toMatch(/ bc0 .* free$/);
  expect(await block(console, 'g_after')).toMatch(/ 20 .* busy$/);
  expect(await console.run('!heap -x poi(heap!g_large)+0n1000')).toMatch(
    /a block of its own \(mmap\) @ [0-9a-f]{13}000\n {8}UserPtr [0-9a-f]{13}010 {2}UserSize 100ff0/,
  );
  expect(await console.run('!heap -p -a poi(heap!g_thread)+8')).toMatch(
    /found in\n {4}_HEAP @ [0-9a-f]{9}[048c]0{6}\n.*\n {8}[0-9a-f]{16} 0014 [0-9a-f]{4} {2}\[05\] {3}[0-9a-f]{16} {4}00138 - \(busy\)\n$/,
  );
  expect(await console.run('!heap')).toMatch(
    /^Index .*\n {2}1: {3}[0-9a-f]{16} {2}main_arena\n {2}2: {3}[0-9a-f]{16} {2}arena 1\n/,
  );
  expect(await console.run('!heap -h 1')).toMatch(
    / - busy \(288\)\n[\s\S]* \. 00bc0 \[01\] - free\n[\s\S]* - top\n/,
  );
  expect(await console.run('!heap -s')).toMatch(/\n[0-9a-f]{16} {3}21000 .*bc0 \(1\)/);
  expect(await console.run('!heap -v')).toBe('No corruption was found in 2 heaps.\n');
}

describe('!heap', () => {
  it('knows the blocks of a living process', PATIENCE, async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: [] });
    await console.run('g heap!ready');
    await checkBlocks(console);
    expect(await console.run('!heap -x @rsp')).toContain('lies in no block of the heap');
  });

  it(
    'finds the allocator by its shape where there are no symbols of it, and says which',
    PATIENCE,
    async () => {
      const console = new Console({
        createBackend: async (stub, file) => {
          const backend = await createGdbBackend({ stub, file });
          const resolve = backend.resolveSymbol.bind(backend);
          // As it is with a stripped C library, whose debug symbols this machine may have.
          backend.resolveSymbol = async (module, name, context) =>
            name === 'main_arena' ? null : resolve(module, name, context);
          return backend;
        },
      });
      const stub = await processServerStub();
      await console.start({ kind: 'launch', program: program.path, args: [], stub });
      await console.run('g heap!ready');
      await checkBlocks(console);
      expect(await console.run('!heap')).toContain('The symbol main_arena is missing (libc6-dbg has it)');
    },
  );

  it('names what is corrupted', PATIENCE, async () => {
    const said = async (how: string): Promise<string> => {
      const console = new Console();
      const core = coreOf(program.path, [how, 'abort']);
      if (core !== null) await console.start({ kind: 'core', core });
      else {
        await console.start({ kind: 'launch', program: program.path, args: [how] });
        await console.run('g heap!ready');
      }
      return console.run('!heap -v');
    };
    const [size, link] = await Promise.all([said('size'), said('link')]);
    expect(size).toMatch(
      /the header says a size of 4141414141414140, which goes beyond the heap’s end; the block before is /,
    );
    expect(link).toMatch(
      /the link in the freed block [0-9a-f]+ \(tcache\) leads to [0-9a-f]+, (?:where no block is|which cannot be read)/,
    );
    expect(link).toContain('1 problem found');
  });
});
