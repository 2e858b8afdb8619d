import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { available, compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { arm64Access } from './arm64-access.ts';
import type { Fault } from './crash.ts';

const REGISTERS = new Map([
  ['x0', 0n],
  ['x1', 0x1000n],
  ['x2', 0xffff_ffff_0000_0003n],
  ['sp', 0x8000n],
]);

function accessOf(text: string): string | null {
  const instruction = { address: 0n, bytes: new Uint8Array(4), text };
  const access = arm64Access({ instruction, registers: REGISTERS } as unknown as Fault);
  return access && `${access.kind} ${access.address.toString(16)} ${access.base?.name}`;
}

describe('what an instruction of AArch64 was at', () => {
  it.each([
    ['ldr\tx0, [x0]', 'read 0 x0'],
    ['ldr x0, [x0, #8]', 'read 8 x0'],
    ['str w3, [x1, #-16]!', 'write ff0 x1'],
    ['stp x29, x30, [sp, #-32]!', 'write 7fe0 sp'],
    ['ldr x3, [x1], #16', 'read 1000 x1'],
    ['ldr x3, [x1, x0]', 'read 1000 x1'],
    ['ldrb w3, [x1, w2, uxtw]', 'read 1003 x1'],
    ['ldr x3, [x1, w2, uxtw #3]', 'read 1018 x1'],
    ['add x0, x1, x2', null],
    ['ldr x0, 0x400800', null],
  ])('%s: %s', (text, wanted) => {
    expect(accessOf(text)).toBe(wanted);
  });
});

const SOURCE = `
struct node { long value; struct node *next; };
__attribute__((noinline)) long take(struct node *node) { return node->next->value; }
int main(int argc, char **argv) { struct node node = {1, 0}; return take(argc > 9 ? 0 : &node); }
`;

const MISSING = ['qemu-aarch64', 'aarch64-linux-gnu-gcc', 'gdb-multiarch'].find((each) => !available(each));
const SKIPPED = process.env.HAWSER_FULL
  ? MISSING && `${MISSING} is missing`
  : 'another machine’s program: npm run test:full';

describe('!analyze on AArch64', () => {
  it.skipIf(SKIPPED !== undefined)(
    `names the cause in a core file${SKIPPED ? ` (skipped: ${SKIPPED})` : ''}`,
    { timeout: 120_000 },
    async () => {
      const program = compile('take.c', SOURCE, ['-g', '-O1', '-static'], 'aarch64-linux-gnu-gcc');
      const folder = mkdtempSync(join(tmpdir(), 'hawser-arm64-'));
      try {
        spawnSync('/bin/sh', ['-c', 'ulimit -c unlimited; exec qemu-aarch64 "$0"', program.path], {
          cwd: folder,
          stdio: 'ignore',
        });
        const core = readdirSync(folder).find((name) => /^qemu_.*\.core$/.test(name));
        expect(core).toBeDefined();
        const console = new Console();
        await console.start({ kind: 'core', core: join(folder, core ?? ''), program: program.path });
        const said = await console.run('!analyze');
        expect(said).toContain('CAUSE:  The program tried to read from 00000000`00000000: a null pointer.\n');
        expect(said).toMatch(/FAILURE_BUCKET_ID: {2}NULL_POINTER_READ_c0000005_take!take\+4\n/);
        expect(await console.run('!locks')).toContain('No thread waits for another one.');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
