import { afterEach } from 'vitest';
import { type Architecture, testKernel } from '../../engine/kernel/testing/kernel.ts';
import { type KernelMachine, startMachine } from '../../engine/kernel/testing/qemu.ts';
import { ConsoleProcess } from './console-process.ts';

/** What a file of tests of `hawser kd` starts on the small kernel; ended after each test, the last first. */
export function kernelDebuggers(architecture: Architecture = 'x86-64') {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return {
    ends,
    machine: async (): Promise<KernelMachine> => {
      const started = await startMachine({ architecture });
      ends.push(() => started.end());
      return started;
    },
    start: (args: readonly string[], env: Record<string, string> = {}): ConsoleProcess => {
      const process = new ConsoleProcess(args, env);
      ends.push(async () => {
        process.kill('SIGTERM');
        await process.exited();
      });
      return process;
    },
    /** The options that reach it. */
    wire: ({ port }: KernelMachine): readonly string[] => [
      ...['-k', `gdb:server=127.0.0.1,port=${port}`],
      ...['-i', testKernel(architecture).image],
    ],
  };
}
