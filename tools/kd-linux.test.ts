import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testKernel } from '../engine/kernel/testing/kernel.ts';
import { debianKernel, type LinuxMachine, MODULE, startLinux } from '../engine/kernel/testing/linux.ts';
import { type KernelMachine, startMachine } from '../engine/kernel/testing/qemu.ts';
import { sleepers } from '../engine/kernel/testing/sleepers.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const wire = ({ port }: KernelMachine) => ['-k', `gdb:server=127.0.0.1,port=${port}`];

async function kd(target: KernelMachine, commands: readonly string[], more: readonly string[] = []) {
  const { stdout } = await runConsole(['kd', ...wire(target), ...more], [...commands, 'q']);
  return stdout;
}

const MARKER =
  'struct hawser_marker { long first; int second; };\nstatic struct hawser_marker *unused __attribute__((used));\n';

/** `ffffffff88600000` of what kd or the kernel writes. */
const number = (text: string | undefined): bigint => BigInt(`0x${(text ?? '').replace('`', '')}`);

describe('hawser kd on another kernel', { timeout: 240_000 }, () => {
  it('says that it is no Linux, and what Linux would not have', async () => {
    const target = await startMachine();
    ends.push(() => target.end());
    const said = await kd(
      target,
      ['!process 0 0', '.process', '!dmesg', '!irql', '!PCR', '.reload', 'lm1m'],
      ['-i', testKernel().image],
    );
    expect(said).not.toContain('Linux version');
    for (const command of ['!process', '.process', '!dmesg'])
      expect(said).toContain(`${command} is not available: this kernel is no Linux`);
    expect(said).toContain('!irql is not available: Linux has no interrupt request levels');
    expect(said).toContain('!PCR is not available: Linux has no processor control region');
    expect(said).toContain('No Linux kernel was found.');
    expect(said).toMatch(/lm1m\nkernel\n/);
  });
});

describe('hawser kd on Linux', { timeout: 600_000 }, () => {
  if (!process.env.HAWSER_FULL) {
    it('debugs Debian’s kernel', (context) => context.skip('a real kernel: npm run test:full'));
    return;
  }

  /** For tests that leave it as it was. */
  let shared: LinuxMachine;
  beforeAll(async () => {
    shared = await startLinux();
  }, 600_000);
  afterAll(() => shared?.end());

  async function linux(parameters = ''): Promise<LinuxMachine> {
    const machine = await startLinux(parameters);
    ends.push(() => machine.end());
    return machine;
  }

  /** A program that opens files from time to time, so that a breakpoint there is hit; ended by what is answered. */
  async function busy(machine: LinuxMachine): Promise<() => Promise<unknown>> {
    const pid = await machine.shell('(while :; do cat /proc/version > /dev/null; sleep 0.1; done) & echo $!');
    // What it has started last ends by itself.
    return () => machine.shell(`kill ${pid.trim()}; sleep 1`);
  }

  /** Addresses as the kernel itself tells them. */
  async function kallsyms(machine: LinuxMachine, ...names: string[]): Promise<Map<string, bigint>> {
    const lines = await machine.shell(`grep -E ' (${names.join('|')})([[:space:]]|$)' /proc/kallsyms`);
    const rows = [...lines.matchAll(/^([0-9a-f]{16}) \S (\S+)/gm)];
    return new Map(rows.map(([, address, name]) => [name ?? '', number(address)]));
  }

  it('finds it where KASLR has put it, and its symbols and types in its memory', async () => {
    const machine = shared;
    const known = await kallsyms(machine, '_text', 'vfs_read', 'init_task', 'do_sys_openat2');
    const text = known.get('_text') ?? 0n;
    const banner = (await machine.shell('cat /proc/version')).trim();
    const idle = await busy(machine);
    const began = performance.now();
    const said = await kd(machine, [
      ...[
        '? vmlinux!vfs_read',
        '? init_task',
        'ln vfs_read+4',
        'u vfs_read L2',
        'dt list_head',
        'dt -v task_struct comm',
      ],
      ...[
        'r $t0=init_task',
        'dt task_struct comm pid @$t0',
        'x vmlinux!do_sys_openat*',
        'bp do_sys_openat2',
        'g',
        'k',
      ],
      ...['bc *', '!pte vfs_read', '!vtop 0 vfs_read'],
    ]);
    await idle();
    console.log(`kd to its end: ${Math.round(performance.now() - began)} ms`);
    expect(text).not.toBe(0xffffffff81000000n);
    expect(said).toContain(banner);
    expect(said).toContain(
      `Kernel base = 0x${text.toString(16)}, KASLR offset 0x${(text - 0xffffffff81000000n).toString(16)}\n`,
    );
    expect(said).toMatch(/Symbols: \d{5,} from kallsyms in the kernel’s memory, types from its BTF/);
    const value = (name: string) => number(new RegExp(`\\? ${name}\\nEvaluate.* = (\\S+)`).exec(said)?.[1]);
    expect(value('vmlinux!vfs_read')).toBe(known.get('vfs_read'));
    expect(value('init_task')).toBe(known.get('init_task'));
    expect(said).toMatch(/ln vfs_read\+4\n\S+ {3}vmlinux!vfs_read\+0x4 {3}\|/);
    expect(said).toMatch(/dt list_head\n {3}\+0x000 next {13}: Ptr64 list_head\n {3}\+0x008 prev/);
    expect(said).toMatch(/comm pid @\$t0\n {3}\+0x[0-9a-f]+ comm .*"swapper\/0"\n.* pid .*: 0n0\n/);
    expect(said).toMatch(/Breakpoint 0 hit[\s\S]*vmlinux!do_sys_openat2:/);
    expect(said).toMatch(
      /> k\n.*\n00 .* vmlinux!do_sys_openat2\n01 .* vmlinux!__\w+_sys_open(?:at)?\S*\n(?:.*\n)*?.* vmlinux!do_syscall_64\S*\n.* vmlinux!entry_SYSCALL_64_after_hwframe/,
    );
    // What the kernel says of its own code's place in physical memory.
    const code = /([0-9a-f]+)-[0-9a-f]+ : Kernel code/.exec(await machine.shell('cat /proc/iomem'))?.[1];
    const physical = number(code) + ((known.get('vfs_read') ?? 0n) - text);
    const shown = physical
      .toString(16)
      .padStart(16, '0')
      .replace(/(.{8})$/, '`$1');
    expect(said).toMatch(new RegExp(`!pte vfs_read\\n[\\s\\S]*Physical address ${shown}, in a page of`));
    expect(said).toContain(`translates to physical address ${shown}`);
  });

  it('lists tasks as ps does, their stacks, and looks at their memory', async () => {
    const machine = shared;
    const ps = await machine.shell('ps -o pid,ppid,stat,comm');
    const sleeper = /^ *(\d+) +1 S +sleep$/m.exec(ps)?.[1] ?? '';
    const maps = await machine.shell(`cat /proc/${sleeper}/maps`);
    const auxiliary = await machine.shell(`cat /proc/${sleeper}/stack`);
    const first = /^([0-9a-f]+)-/.exec(maps)?.[1] ?? '';
    const said = await kd(machine, [
      ...[
        '!process 0 0',
        `!process 0n${sleeper} 7`,
        '!process 2',
        `.process /p 0n${sleeper}`,
        `db ${first} L20`,
      ],
      ...[
        '.process',
        `!pte ${first}`,
        '.process 0',
        '.process /i 1',
        '!process 0n99999',
        '!process 0 0 kthreadd',
      ],
    ]);
    const list = said.slice(said.indexOf('!process 0 0'), said.indexOf('!process 0n'));
    const listed = [
      ...list.matchAll(/Pid: 0n(\d+) {4}ParentPid: 0n(\d+) {4}State: (\S)[\s\S]*?Image: (.*)\n/g),
    ];
    const rows = [...ps.matchAll(/^ *(\d+) +(\d+) (\S)\S* +(.+)$/gm)].filter(
      ([, , , , name]) => name !== 'ps',
    );
    expect(rows.length).toBeGreaterThan(20);
    const found = new Map(listed.map(([, pid, parent, , name]) => [pid, { parent, name }]));
    for (const [, pid, parent, , name = ''] of rows) {
      const task = found.get(pid);
      // Workers of the kernel's queues come and go.
      if (name.startsWith('kworker/') && !task) continue;
      expect(task, `pid ${pid}`).toBeDefined();
      expect(task?.parent).toBe(parent);
      if (!name.startsWith('kworker/')) expect(name.startsWith(task?.name ?? '?')).toBe(true);
    }
    expect(listed.find(([, pid]) => pid === sleeper)?.[3]).toBe('S');
    const frames = [...auxiliary.matchAll(/^\[<0>\] (\w+)\+/gm)].map(([, name]) => name);
    expect(frames).toContain('do_syscall_64');
    const stack = said.slice(said.indexOf(`!process 0n${sleeper} 7`), said.indexOf('!process 2'));
    const shown = [...stack.matchAll(/vmlinux!(\w+)\+/g)].map(([, name]) => name);
    expect(shown.slice(-frames.length)).toEqual(frames);
    expect(said).toMatch(/!process 2\n[\s\S]*vmlinux!kthreadd\+.*\n.*vmlinux!ret_from_fork/);
    expect(said).toMatch(new RegExp(`db ${first} L20\\n\\S+ {2}7f 45 4c 46 02`));
    expect(said).toMatch(/\.process\nImplicit process is now ff\S+\n/);
    expect(said).toMatch(/!pte [0-9a-f]+\n[\s\S]*UR-V\nPhysical address \S+, in a page of 4 KB/);
    expect(said).toContain('.process /i is not available');
    expect(said).toContain('There is no process 0n99999');
    expect(said.slice(said.indexOf('!process 0 0 kthreadd')).match(/PROCESS/g)).toHaveLength(1);
  });

  it('shows stacks, symbols and memory of programs', async () => {
    const machine = shared;
    const { sleeper, alone } = sleepers();
    const ps = await machine.shell('ps -o pid,comm');
    const pid = (name: string) => new RegExp(`^ *(\\d+) +${name}$`, 'm').exec(ps)?.[1] ?? '';
    const maps = await machine.shell(`cat /proc/${pid('sleeper')}/maps`);
    const tasks = `/proc/${pid('sleeper')}/task`;
    // Its second thread may not have begun yet.
    const threads = await machine.shell(
      `until [ $(ls ${tasks} | wc -l) -gt 1 ]; do sleep 0.1; done; ls ${tasks}`,
    );
    const second =
      threads
        .trim()
        .split(/\s+/)
        .find((tid) => tid !== pid('sleeper')) ?? '';
    expect(second).toMatch(/^\d+$/);
    const said = await kd(
      machine,
      [
        ...[`!process 0n${pid('sleeper')} 7`, `.process /p /r 0n${pid('sleeper')}`, 'k', 'lm', 'kP 20'],
        ...['dt sleeper!note', 'dt note first', '?? first.next->number', 'da poi(first+8)', 'ln nap'],
        ...['u nap L1', 'ed first 2b', '?? first.number', 'ed first 2a', `.thread 0n${second}`, 'k'],
        // By its name alone, for it lies elsewhere there; and without any file of it.
        ...[
          `.process 0n${pid('alone')}`,
          'k',
          '.process 0',
          'k',
          '.sympath none',
          `.process 0n${pid('alone')}`,
        ],
        ...['k', `.process 0n${pid('sleeper')}`, 'k', '!process 0 17 alone', '!process 0 4 alone'],
      ],
      ['-y', `${dirname(sleeper)};${dirname(alone)}`],
    );
    const part = (from: string, to: string) => said.slice(said.indexOf(from), said.indexOf(to));
    const own = (name: string) =>
      new RegExp(
        `entry_SYSCALL_64\\S*\\n[\\s\\S]*${name}!rest\\+.*\\n.*${name}!nap\\+.*\\n.*${name}!main\\+`,
      );
    const shown = part('!process 0n', '.process /p');
    expect(shown).toMatch(own('sleeper'));
    expect(shown).toMatch(
      /libc_so!clock_nanosleep[\s\S]*sleeper!nap\+.*\n.*sleeper!second\+.*\n.*libc_so!start_thread/,
    );
    const first = /^([0-9a-f]+)-\S+ r--p 00000000 .*\/opt\/sleeper$/m.exec(maps)?.[1];
    expect(part('> lm', '> kP')).toMatch(
      new RegExp(`^${first?.padStart(16, '0').replace(/(.{8})$/, '`$1')} \\S+ +sleeper +T`, 'm'),
    );
    expect(said).toMatch(/sleeper!rest\(\n\s+const struct note \* note = 0x\S+\)/);
    expect(said).toMatch(/dt sleeper!note\n +\+0x000 number +: Int4B\n/);
    expect(said).toMatch(/dt note first\n +\+0x000 number +: 0n42\n.* "first"\n/);
    expect(said).toMatch(/first\.next->number\nint 0n7\n/);
    expect(said).toMatch(/poi\(first\+8\)\n\S+ +"first"\n/);
    expect(said).toMatch(/ln nap\n[\s\S]*Exact matches:\n +sleeper!nap \(struct note \*\)\n/);
    expect(said).toMatch(/u nap L1\nsleeper!nap .*\n\S+ 4883ec08 +sub +rsp,8\n/);
    expect(said).toMatch(/first\.number\nint 0n43\n/);
    expect(part('.thread 0n', '.process 0n')).toMatch(/sleeper!second\+/);
    expect(part(`.process 0n${pid('alone')}`, '.process 0\n')).toMatch(own('alone'));
    expect(part('.process 0\n', '.sympath none')).not.toContain('alone!');
    const nameless = part('.sympath none', '!process 0 17');
    expect(nameless).not.toContain('alone!');
    // What the libraries say is sure, down to the program's own code.
    expect(nameless).toMatch(/libc_so!nanosleep\+.*\n.*libc_so!sleep\+.*\n.* {5}sleeper\+0x[0-9a-f]+\n/);
    expect(nameless).toMatch(/No file of \/opt\/sleeper was found/);
    expect(nameless).toMatch(
      /No file of \/mnt\/alone was found \(build id [0-9a-f]{40}\): name its folder with \.sympath/,
    );
    expect(part('!process 0 17', '!process 0 4')).toContain('No file of /mnt/alone');
    expect(said.slice(said.indexOf('!process 0 4'))).toMatch(
      /In its program: rip=\S{17} rsp=\S{17} \/mnt\/alone\+0x[0-9a-f]+\n/,
    );
  });

  it('shows log and modules as the kernel does', async () => {
    const machine = shared;
    // Some lines of several, and one with what would move a cursor.
    await machine.shell(
      "printf '<5>first line\\nsecond line' > /dev/kmsg; printf '<4>\\033[2Jbell\\007' > /dev/kmsg",
    );
    const dmesg = (await machine.shell('dmesg')).trimEnd().split('\n');
    const modules = await machine.shell('cat /proc/modules');
    const sections = await machine.shell(
      `cd /sys/module/${MODULE}/sections; for f in .*text .data; do echo $f $(cat $f); done; cd /`,
    );
    const own = await machine.shell(`grep '\\[${MODULE}\\]' /proc/kallsyms`);
    const said = await kd(machine, [
      '!dmesg *',
      '!dmesg 3',
      'lm',
      `lmvm ${MODULE}`,
      `x ${MODULE}!*`,
      'bp dummy_xmit',
      'bl',
    ]);
    const log = said
      .slice(said.indexOf('!dmesg *') + 9, said.indexOf('!dmesg 3'))
      .split('\n')
      .slice(0, -1);
    expect(dmesg.length).toBeGreaterThan(200);
    expect(log.filter((line) => !line.includes('bell'))).toEqual(
      dmesg.filter((line) => !line.includes('bell')),
    );
    expect(log.at(-1)).toMatch(/\] \\x1b\[2Jbell\\x07$/);
    expect(said).toMatch(/!dmesg 3\n\(\d+ older records are not shown/);
    for (const [, name = '', size, base] of modules.matchAll(/^(\S+) (\d+) .* 0x([0-9a-f]+)/gm)) {
      const line = new RegExp(`^(\\S+) (\\S+) {3}${name} `, 'm').exec(said);
      expect(number(line?.[1])).toBe(number(base));
      expect(number(line?.[2]) - number(line?.[1])).toBe(BigInt(size ?? 0));
    }
    const placed = [...sections.matchAll(/^(\S+) 0x([0-9a-f]+)$/gm)];
    expect(placed.length).toBeGreaterThan(2);
    for (const [, name = '', at] of placed) {
      const line = new RegExp(`Section: (\\S+) ${name.replaceAll('.', '\\.')}$`, 'm').exec(said);
      expect(number(line?.[1]), name).toBe(number(at));
    }
    const symbols = [...own.matchAll(/^([0-9a-f]+) \S ([a-z]\w*)\t/gm)];
    expect(symbols.length).toBeGreaterThan(5);
    for (const [, address, name = ''] of symbols) {
      const line = new RegExp(`^(\\S+) ${MODULE}!${name} `, 'm').exec(said);
      expect(number(line?.[1]), name).toBe(number(address));
    }
    expect(said).toMatch(/bl\n.*dummy!dummy_xmit/);
  });

  it('panics when it is told to', async () => {
    const machine = await linux();
    const said = await kd(machine, ['bp panic', '.crash', 'k 1', 'r rip', '? panic', 'bc *']);
    expect(said).toMatch(/Breakpoint 0 hit\n[\s\S]*vmlinux!panic:/);
    const [, at, there] = /rip=([0-9a-f]{16})\n.*\nEvaluate expression: \S+ = (\S+)\n/.exec(said) ?? [];
    expect(at).toBe(there?.replace('`', ''));
    await machine.says('Kernel panic - not syncing: Linux version 6.');
  });

  it('takes a module’s file by build id, and follows a module that goes and a machine that starts anew', async () => {
    const machine = await linux();
    const folder = mkdtempSync(join(tmpdir(), 'hawser-files-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    makeModuleFile(folder);
    const known = await kallsyms(machine, '_text');
    const session = new ConsoleProcess(['kd', ...wire(machine), '-y', folder]);
    ends.push(async () => {
      session.kill('SIGTERM');
      await session.exited();
    });
    await session.see(/Break instruction exception/);
    session.type(`lmvm ${MODULE}`, 'dt hawser_marker');
    await session.see(new RegExp(`Loaded symbol image file: ${join(folder, `${MODULE}.ko`)}`));
    await session.see(/\+0x008 second/);
    session.type('? dummy!dummy_xmit');
    const at = number((await session.see(/dummy_xmit\nEvaluate.* = (\S+)/))[1]);
    session.type('g');
    expect((await kallsyms(machine, 'dummy_xmit')).get('dummy_xmit')).toBe(at);
    await machine.shell(`rmmod ${MODULE}; (while :; do cat /proc/version > /dev/null; sleep 0.1; done) &`);
    session.kill('SIGINT');
    let from = session.stdout.length;
    await session.see(/Break instruction exception/, from);
    session.type('lm1m', '.echo done');
    expect((await session.see(/lm1m\n([\s\S]*?)\n\d: kd> \.echo done/, from))[1]).toBe('vmlinux');
    from = session.stdout.length;
    session.type('bp do_sys_openat2', 'g');
    await session.see(/Breakpoint 0 hit/, from);
    from = session.stdout.length;
    session.type('bc *', '.reboot');
    await session.see(/Shutdown occurred/, from);
    // The shell answers when the new kernel is up.
    await machine.up();
    session.kill('SIGINT');
    const [, base, slide] = await session.see(
      /Kernel base = 0x([0-9a-f]+), KASLR offset 0x([0-9a-f]+)/,
      from,
    );
    const text = number(base);
    expect(text).not.toBe(known.get('_text'));
    expect(number(slide)).toBe(text - 0xffffffff81000000n);
    session.type('g');
    expect((await kallsyms(machine, '_text')).get('_text')).toBe(text);
    session.kill('SIGINT');
    session.type('q');
  });

  it('takes a vmlinux by build id, and moves it', async () => {
    const machine = shared;
    const folder = mkdtempSync(join(tmpdir(), 'hawser-files-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const names = ['_text', '_end', 'linux_banner', '__start_notes', '__stop_notes', 'do_sys_openat2'];
    const known = await kallsyms(machine, ...names);
    const text = known.get('_text') ?? 0n;
    makeVmlinux(folder, known, text - 0xffffffff81000000n);
    const idle = await busy(machine);
    const said = await kd(
      machine,
      ['lmvm vmlinux', 'dt hawser_marker', '? do_sys_openat2', 'bp do_sys_openat2', 'g', 'r rip'],
      ['-y', folder],
    );
    await idle();
    expect(said).toContain(`Symbols: ${join(folder, 'vmlinux')}, which matches by build id`);
    expect(said).toContain(`KASLR offset 0x${(text - 0xffffffff81000000n).toString(16)}\n`);
    expect(said).toMatch(/dt hawser_marker\n {3}\+0x000 first/);
    const address = known.get('do_sys_openat2') ?? 0n;
    expect(number(/\? do_sys_openat2\nEvaluate.* = (\S+)/.exec(said)?.[1])).toBe(address);
    expect(said).toMatch(new RegExp(`Breakpoint 0 hit[\\s\\S]*r rip\nrip=${address.toString(16)}\n`));
  });

  it('sees the kernel also while the processors are in programs that have it out of reach', async () => {
    const machine = await linux('pti=on');
    const known = await kallsyms(machine, '_text');
    for (let processor = 0; processor < 2; processor++) await machine.shell('(while :; do :; done) &');
    let isolated = false;
    for (let attempt = 0; attempt < 10 && !isolated; attempt++) {
      const said = await kd(machine, ['r cs', 'r cr3', '!process 0 0 kthreadd']);
      const cr3 = number(/cr3=([0-9a-f]+)/.exec(said)?.[1]);
      isolated = said.includes('cs=0033') && (cr3 & 0x1000n) !== 0n;
      expect(said).toContain(`Kernel base = 0x${(known.get('_text') ?? 0n).toString(16)}, KASLR offset`);
      expect(said.match(/Image: kthreadd/g)).toHaveLength(1);
    }
    expect(isolated).toBe(true);
    // Wherever the next break-ins find the processors, it is the same kernel.
    const session = new ConsoleProcess(['kd', ...wire(machine)]);
    ends.push(async () => {
      session.kill('SIGTERM');
      await session.exited();
    });
    await session.see(/Break instruction exception/);
    for (let stop = 0; stop < 4; stop++) {
      const from = session.stdout.length;
      session.type('g', '.echo stopped');
      await machine.shell('cat /proc/loadavg');
      session.kill('SIGINT');
      await session.see(/Break instruction exception[\s\S]*\nstopped/, from);
    }
    expect(session.stdout.match(/Kernel base/g)).toHaveLength(1);
    expect(session.stdout).toMatch(/cs=0033/);
  });

  /** The image as it is in Debian's package, which has no symbols, with some of them and a type of our own. */
  function makeVmlinux(folder: string, known: ReadonlyMap<string, bigint>, slide: bigint): void {
    const path = join(folder, 'vmlinux');
    const packed = readFileSync(debianKernel().image);
    // As the boot protocol of x86 says where the payload is.
    const at = ((packed[0x1f1] ?? 0) + 1) * 512 + packed.readUInt32LE(0x248);
    const payload = packed.subarray(at, at + packed.readUInt32LE(0x24c));
    const tools = { fd37: 'xz', '1f8b': 'gzip', '28b5': 'zstd', '0221': 'lz4' };
    const tool = tools[payload.subarray(0, 2).toString('hex') as keyof typeof tools];
    // The size of what was packed follows it, which is no part of it.
    writeFileSync(path, spawnSync(tool, ['-dc'], { input: payload, maxBuffer: 1 << 28 }).stdout);
    const source = join(folder, 'marker.c');
    writeFileSync(source, MARKER);
    execFileSync('gcc', ['-g', '-nostdlib', '-static', '-Wl,-e,0', '-o', join(folder, 'marker'), source]);
    const sections = ['info', 'abbrev', 'str', 'line_str', 'line', 'aranges'].flatMap((name) => {
      const file = join(folder, name);
      const dumped = spawnSync('objcopy', [
        `--dump-section=.debug_${name}=${file}`,
        join(folder, 'marker'),
        join(folder, 'unused'),
      ]);
      return dumped.status === 0 ? [`--add-section=.debug_${name}=${file}`] : [];
    });
    const symbols = [...known].map(
      ([name, address]) =>
        `--add-symbol=${name}=.text:0x${(address - slide - 0xffffffff81000000n).toString(16)},global`,
    );
    execFileSync('objcopy', [...symbols, ...sections, path]);
  }

  /** The module as Debian ships it, with debug information of our own: `struct hawser_marker`. */
  function makeModuleFile(folder: string): void {
    const source = join(folder, 'marker.c');
    writeFileSync(source, MARKER);
    const object = join(folder, 'marker.o');
    execFileSync('gcc', [
      '-g',
      '-c',
      '-fcf-protection=none',
      '-mcmodel=kernel',
      '-fno-pic',
      '-o',
      object,
      source,
    ]);
    execFileSync('ld', ['-r', '-o', join(folder, `${MODULE}.ko`), debianKernel().module, object]);
  }
});
