import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aloneArm64, debianArm64, startLinuxArm64 } from '../engine/kernel/testing/linux-arm64.ts';
import { runConsole } from './testing/console-process.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('hawser kd on Linux for AArch64', { timeout: 300_000 }, () => {
  if (!process.env.HAWSER_FULL) {
    it('debugs Debian’s kernel', (context) => context.skip('another machine’s kernel: npm run test:full'));
    return;
  }

  it('finds it, its symbols, types and tasks, and shows their stacks down into their programs', async (context) => {
    const found = debianArm64();
    if (typeof found === 'string') return context.skip(found);
    const machine = await startLinuxArm64(found);
    ends.push(() => machine.end());
    const rows = [...machine.said().matchAll(/^ *(\d+) +(\d+) (\S.*?)\r?$/gm)];
    const pid = rows.find(([, , , name]) => name === 'alone')?.[1] ?? '';
    const { stdout: said } = await runConsole(
      ['kd', '-k', `gdb:server=127.0.0.1,port=${machine.port}`, '-y', dirname(aloneArm64())],
      [
        ...['k', 'x vmlinux!vfs_read', 'u vfs_read L1', 'dt list_head', '!pte vfs_read', '!process 0 0'],
        ...[
          `!process 0n${pid} 7`,
          `.process /p /r 0n${pid}`,
          'dt note first',
          '?? last.number',
          '.process 0',
        ],
        ...['!dmesg *', 'lm', 'x dummy!dummy_xmit', 'u dummy!dummy_xmit L1'],
        ...['bp do_el0_svc', 'g', 'r pc', '? do_el0_svc', 'bc *', 'q'],
      ],
    );
    expect(said).toMatch(/^Linux version 6\.\S+-arm64 .* #1 SMP /m);
    expect(said).toMatch(/Kernel base = 0xffff[0-9a-f]{12}\n/);
    expect(said).toMatch(/Symbols: \d{5,} from kallsyms in the kernel’s memory, types from its BTF/);
    expect(said).toMatch(/> k\n.*\n00 .* vmlinux!cpu_do_idle\+.*\n01 .* vmlinux!arch_cpu_idle\+/);
    expect(said).toMatch(/x vmlinux!vfs_read\n\S+ vmlinux!vfs_read \(/);
    expect(said).toMatch(/u vfs_read L1\nvmlinux!vfs_read:\n\S+ [0-9a-f]{8} mov /);
    expect(said).toMatch(/dt list_head\n {3}\+0x000 next {13}: Ptr64 list_head\n {3}\+0x008 prev/);
    expect(said).toMatch(/!pte vfs_read\n[\s\S]*Physical address \S+, in a page of/);
    const listed = new Map(
      [...said.matchAll(/Pid: 0n(\d+) {4}ParentPid: 0n(\d+) .*\n.*\n {4}Image: (.*)\n/g)].map(
        ([, one, parent, name]) => [one, `${parent} ${name}`],
      ),
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const [, one, parent, name = ''] of rows)
      if (name !== 'ps' && !name.startsWith('kworker'))
        expect(listed.get(one), `pid ${one}`).toBe(`${parent} ${name.slice(0, 15)}`);
    expect(said).toMatch(
      /vmlinux!__arm64_sys_clock_nanosleep\+[\s\S]*vmlinux!el0t_64_sync\+.*\n[\s\S]*alone!rest\+.*\n.*alone!nap\+.*\n.*alone!main\+/,
    );
    expect(said).toMatch(/alone!nap\+.*\n.*alone!second\+/);
    expect(said).toMatch(/dt note first\n +\+0x000 number +: 0n42\n.* "first"\n/);
    expect(said).toMatch(/\?\? last\.number\nint 0n7\n/);
    const log = /log-begins\r?\n([\s\S]*?)log-ends/.exec(machine.said())?.[1] ?? '';
    const lines = log.split(/\r?\n/).filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(5);
    expect(said).toContain(`${lines.join('\n')}\n`);
    const [, size = '', base = ''] = /^dummy (\d+) .* 0x([0-9a-f]+)/m.exec(machine.said()) ?? [];
    const [, from = '', to = ''] = /^(\S+) (\S+) {3}dummy /m.exec(said) ?? [];
    const address = (shown: string) => BigInt(`0x${shown.replace('`', '')}`);
    expect(address(from)).toBe(address(base));
    expect(address(to) - address(from)).toBe(BigInt(size));
    expect(said).toMatch(/u dummy!dummy_xmit L1\ndummy!dummy_xmit:\n\S+ [0-9a-f]{8} /);
    const [, at, there] = /r pc\npc=([0-9a-f]{16})\n.*\nEvaluate.* = (\S+)/.exec(said) ?? [];
    expect(at).toBe(there?.replace('`', ''));
  });
});
