import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Architecture, testKernel } from './kernel.ts';
import { startMachine } from './qemu.ts';

const run = promisify(execFile);

const machines: readonly (readonly [Architecture, { readonly gdb: string; readonly offset: string }])[] = [
  ['x86-64', { gdb: 'gdb', offset: '0xffffffff80000000' }],
  ...(process.env.HAWSER_FULL
    ? ([['aarch64', { gdb: 'gdb-multiarch', offset: '0xffff7fffc0000000' }]] as const)
    : []),
];

describe.each(machines)('the small kernel on %s', (architecture, { gdb, offset }) => {
  /** GDB alone, without anything of ours. */
  async function debug(port: number, ...commands: string[]): Promise<string> {
    const all = ['set pagination off', 'set confirm off', `target remote 127.0.0.1:${port}`, ...commands];
    const words = all.flatMap((command) => ['-ex', command]);
    return (await run(gdb, ['-nx', '-q', '-batch', testKernel(architecture).image, ...words])).stdout;
  }

  it('has what tests of kernel debugging look at', async () => {
    const machine = await startMachine({ architecture });
    onTestFinished(() => machine.end());
    const said = await debug(
      machine.port,
      'info threads',
      'hbreak count_tick if cpu == 1',
      'continue',
      'bt',
      'delete',
      'watch ticks',
      'continue',
      'maint packet Qqemu.PhyMemMode:1',
      `x/s (long)&banner-${offset}`,
    );
    expect(said).toMatch(/CPU#0[\s\S]*CPU#1/);
    expect(said).toMatch(/count_tick \(cpu=1\)[\s\S]*timer_interrupt[\s\S]*signal handler[\s\S]*worker_loop/);
    expect(said).toMatch(/watchpoint 2: ticks[\s\S]*Old value/);
    expect(said).toMatch(/"Hawser test kernel 1 \(\S+\)"/);
  });

  it('starts anew when it is told to, and faults when it is told to', async () => {
    const machine = await startMachine({ architecture });
    onTestFinished(() => machine.end());
    await debug(machine.port, 'set var wanted = 1', 'detach');
    await expect.poll(() => machine.said().split('ready').length, { timeout: 30_000 }).toBe(3);
    await debug(machine.port, 'set var wanted = 2', 'detach');
    await machine.says('fault: halted');
  });
});
