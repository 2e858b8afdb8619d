import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runConsole } from './testing/console-process.ts';
import { kernelDebuggers } from './testing/kernel-debuggers.ts';

const { ends, machine, start, wire } = kernelDebuggers('aarch64');

describe('hawser kd on AArch64', { timeout: 240_000 }, () => {
  if (!process.env.HAWSER_FULL) {
    it('debugs a kernel', (context) => context.skip('another machine’s kernel: npm run test:full'));
    return;
  }

  it('breakpoints in interrupt code, watchpoints, steps, processors', async () => {
    const target = await machine();
    const { stdout, stderr, status } = await runConsole(
      ['kd', ...wire(target)],
      [
        ...['~', 'bp count_tick', 'g', 'k', 'u . L2', 'r.', 'bc *', 'ba w4 ticks', 'g', 'bc *', 'p', 't'],
        ...['~1', '~', 'k', '0k', 'r x5 = 1234', 'r w5', 'r ttbr1_el1', 'dt task pid', '.kill', 'q'],
      ],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/aarch64 kernel, 2 processors\nKernel Debugger connection established\./);
    expect(stdout).toMatch(/ x0=[0-9a-f]{16} {3}x1=[0-9a-f]{16} .*\n/);
    expect(stdout).toMatch(/ pc=ffff8000[0-9a-f]{8} {2}psr=[0-9a-f]{8} [N-][Z-][C-][V-] EL1\n/);
    expect(stdout).toMatch(/0: kd> ~\n\. {2}0 {2}Processor 0 {2}\S+ kernel!\S+\n {3}1 {2}Processor 1/);
    // Through the interrupt to what it interrupted, down to where the processor came in.
    expect(stdout).toMatch(
      /kd> k\n.*\n00 .*kernel!count_tick .*\n01 .*timer_interrupt.*\n02 .*timer_entry.*\n03 .*kernel!(?:pause|idle_loop|worker_loop|leaf|middle)[\s\S]*?kernel!entry\+/,
    );
    expect(stdout).toMatch(/kd> u \. L2\nkernel!count_tick .*\nffff8000`\S+ [0-9a-f]{8} adrp {8}x1, /);
    expect(stdout).toMatch(/kd> r\.\nx1=[0-9a-f]{16}\n/);
    expect(stdout).toMatch(/ba w4 ticks\n[01]: kd> g\nBreakpoint 0 hit\n[\s\S]*kernel!count_tick\+/);
    expect(stdout).toMatch(
      /kd> p\n[\s\S]*kernel!timer_interrupt\+[\s\S]*kd> t\n[\s\S]*kernel!timer_interrupt/,
    );
    expect(stdout).toMatch(/1: kd> ~\n#? .*0 {2}Processor 0 .*\n\. {2}1 {2}Processor 1/);
    expect(stdout).toMatch(/1: kd> k\n[\s\S]*kernel!second_main[\s\S]*1: kd> 0k\n[\s\S]*kernel!kernel_main/);
    expect(stdout).toMatch(/r w5\nw5=00001234\n/);
    expect(stdout).toMatch(/ttbr1_el1=00000000402[0-9a-f]{5}\n/);
    expect(stdout).toMatch(/\+0x004 pid +: Int4B/);
    expect(stdout).toContain('The session was ended; the target runs on.');
  });

  it('walks page tables of both halves, reads and writes physical memory, panics', async () => {
    const target = await machine();
    const { stdout } = await runConsole(
      ['kd', ...wire(target)],
      [
        ...['!pte @pc', '!pte ffff8000`00400000', '!pte ffff0000`40200000', '!pte 40201234'],
        ...['!pte ffff8000`003ff000', '!vtop banner', '!pte ffff0000`09000000'],
        ...['!ed (log_next-ffff7fff`c0000000) 77', 'dd log_next L1', '!dd (log_next-ffff7fff`c0000000) L1'],
        ...['bp panic', '.crash', 'r x0', '? banner', 'q'],
      ],
    );
    expect(stdout).toMatch(/PXE at .* PPE at .* PDE at .* PTE at [\s\S]*-G--A--KWEV\n.*in a page of 4 KB/);
    expect(stdout).toMatch(/-GL-A--KWEV\nPhysical address 00000000`40400000, in a page of 2 MB/);
    expect(stdout).toMatch(/Physical address 00000000`40200000, in a page of 1 GB/);
    // By TTBR0.
    expect(stdout).toMatch(
      /VA 00000000`40201234\n[\s\S]*Physical address 00000000`40201234, in a page of 1 GB/,
    );
    expect(stdout).toMatch(/003ff000\n[\s\S]*not valid\nThe address is not mapped\./);
    expect(stdout).toMatch(/translates to physical address 00000000`402\S+ \(4 KB page\)/);
    // Of devices, and not to be run.
    expect(stdout).toMatch(/-GL-AN-KW-V\nPhysical address 00000000`09000000/);
    expect(stdout).toMatch(/dd log_next L1\nffff8000`\S+ {2}00000077\n/);
    expect(stdout).toMatch(/L1\n00000000`\S+ {2}00000077\n/);
    const [, argument, there] =
      /kernel!panic[\s\S]*r x0\nx0=([0-9a-f]{16})\n.*\nEvaluate expression: \S+ = (\S+)\n/.exec(stdout) ?? [];
    expect(argument).toBe(there?.replace('`', ''));
  });

  it('breaks in while the kernel runs, and meets a machine again that was started anew', async () => {
    const target = await machine();
    const kd = start(['kd', ...wire(target)]);
    await kd.see(/Break instruction exception/);
    kd.type('g');
    // It rings its timer: it runs.
    await new Promise((resolve) => setTimeout(resolve, 300));
    let from = kd.stdout.length;
    kd.kill('SIGINT');
    await kd.see(/Break instruction exception/, from);
    from = kd.stdout.length;
    kd.type('bp count_tick', '.reboot');
    await kd.see(/Breakpoint 0 hit/, from);
    kd.type('q');
    expect(await kd.exited()).toBe(0);
    expect(target.said().split('ready').length).toBeGreaterThanOrEqual(2);
  });

  it('says what to install where no GDB knows the machine', async () => {
    const target = await machine();
    // A search path on which there is only the plain one.
    const path = mkdtempSync(join(tmpdir(), 'hawser-path-'));
    ends.push(async () => rmSync(path, { recursive: true, force: true }));
    for (const name of ['gdb', 'gdbserver']) symlinkSync(`/usr/bin/${name}`, join(path, name));
    const { stderr, status } = await runConsole(['kd', ...wire(target)], [], { PATH: path });
    expect(stderr).toMatch(/^No GDB .* knows aarch64.*\(sudo apt-get install gdb-multiarch\)\.\n$/);
    expect(status).not.toBe(0);
  });
});
