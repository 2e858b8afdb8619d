import { describe, expect, it } from 'vitest';
import { testKernel } from '../engine/kernel/testing/kernel.ts';
import { startMachine } from '../engine/kernel/testing/qemu.ts';
import { Relay } from '../transports/com/testing/relay.ts';
import { privatePort } from '../transports/directory/testing/port.ts';
import { runConsole } from './testing/console-process.ts';
import { kernelDebuggers } from './testing/kernel-debuggers.ts';

const { ends, machine, start, wire } = kernelDebuggers();

describe('hawser kd', { timeout: 240_000 }, () => {
  it('debugs a kernel: breakpoints in interrupt code, watchpoints, steps, processors', async () => {
    const target = await machine();
    const { stdout, stderr, status } = await runConsole(
      ['kd', ...wire(target)],
      [
        ...['~', 'bp count_tick', 'g', 'k', 'bc *', 'ba w4 ticks', 'g', 'bc *', 'p', 't'],
        ...['~1', '~', 'k', '0k', 'r cr3', 'dt task pid', 'x kernel!count_tick', 'lm1m', '.kill', '|', 'q'],
      ],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/x86-64 kernel, 2 processors\nKernel Debugger connection established\./);
    expect(stdout).toMatch(/0: kd> ~\n\. {2}0 {2}Processor 0 {2}\S+ kernel!\S+\n {3}1 {2}Processor 1/);
    expect(stdout).toMatch(
      /kd> k\n.*\n00 .*kernel!count_tick .*\n01 .*timer_interrupt.*\n02 .*timer_entry.*\n03 .*kernel!(?:pause|idle_loop|worker_loop|leaf|middle)/,
    );
    expect(stdout).toMatch(/ba w4 ticks\n[01]: kd> g\nBreakpoint 0 hit\n[\s\S]*kernel!count_tick\+/);
    expect(stdout).toMatch(/[01]: kd> p\n[\s\S]*[01]: kd> t\n/);
    expect(stdout).toMatch(/1: kd> ~\n#? .*0 {2}Processor 0 .*\n\. {2}1 {2}Processor 1/);
    expect(stdout).toMatch(/1: kd> k\n[\s\S]*kernel!second_main[\s\S]*1: kd> 0k\n[\s\S]*kernel!kernel_main/);
    expect(stdout).toMatch(/cr3=0000000000103000/);
    expect(stdout).toMatch(/\.kill is not available: a kernel is no process/);
    expect(stdout).toMatch(/kernel!count_tick \(int\)|kernel!count_tick/);
    expect(stdout).toContain('The session was ended; the target runs on.');
  });

  it('reads and writes physical memory, walks page tables, starts the machine anew', async () => {
    const target = await machine();
    const { stdout } = await runConsole(
      ['kd', ...wire(target)],
      [
        ...['!pte @rip', '!pte ffffffff`80200000', '!pte ffff888000100000', '!pte ffffffff`80000000'],
        ...['!ed (log_next-ffffffff80000000) 77', 'dd log_next L1', '!dd (log_next-ffffffff80000000) L1'],
        ...['!ew 1fe000 68 69 0', '!du 1fe000'],
        // Without values it asks for them, until an empty line.
        ...[
          'ed log_next',
          '78',
          '',
          'dd log_next L1',
          '!eb 1fe000',
          '4a',
          '',
          '!db 1fe000 L2',
          'db /p[uc] 1fe000 L2',
        ],
        ...['!vtop banner', '.crash', 'bp count_tick', '.reboot', 'dd log_next L1', 'q'],
      ],
    );
    expect(stdout).toMatch(/PXE at .* PPE at .* PDE at .* PTE at [\s\S]*in a page of 4 KB/);
    expect(stdout).toMatch(/Physical address 00000000`00200000, in a page of 2 MB/);
    expect(stdout).toMatch(/Physical address 00000000`00100000, in a page of 1 GB/);
    expect(stdout).toContain('The address is not mapped.');
    expect(stdout).toMatch(/dd log_next L1\nffffffff`\S+ {2}00000077\n/);
    expect(stdout).toMatch(/L1\n00000000`\S+ {2}00000077\n/);
    expect(stdout).toMatch(/> !du 1fe000\n00000000`001fe000 {2}"hi"\n/);
    expect(stdout).toMatch(
      /> ed log_next\n\S+ 00000077\nInput> 78\n[\s\S]*dd log_next L1\n\S+ {2}00000078\n/,
    );
    expect(stdout).toMatch(
      /> !eb 1fe000\n.*68\nInput> 4a\n[\s\S]*!db 1fe000 L2\n(.* 4a 00.*)\n.*db \/p\[uc\] 1fe000 L2\n\1/,
    );
    expect(stdout).toMatch(/translates to physical address 00000000`001/);
    expect(stdout).toMatch(/\.crash is not available: this kernel has no panic/);
    expect(stdout).toMatch(
      /Shutdown occurred[\s\S]*Breakpoint 0 hit[\s\S]*dd log_next L1\n\S+ {2}0000000[1-3]\n/,
    );
  });

  it('breaks in while the kernel runs, lets it run on, and takes it again', async () => {
    const target = await machine();
    const first = start(['kd', ...wire(target)]);
    await first.see(/Break instruction exception/);
    first.type('g');
    // It rings its timer: it runs.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const from = first.stdout.length;
    first.kill('SIGINT');
    await first.see(/Break instruction exception/, from);
    first.type('qd');
    expect(await first.exited()).toBe(0);
    const again = await runConsole(['kd', ...wire(target)], ['bp count_tick', 'g', 'q']);
    expect(again.stdout).toContain('Breakpoint 0 hit');
  });

  it.each([
    ['at its first stop', 0],
    ['as it ran', 600],
  ])('meets a machine again that was killed %s, and started anew', async (_when, pause) => {
    const target = await machine();
    const kd = start(['kd', ...wire(target)]);
    await kd.see(/Break instruction exception/);
    kd.type('g');
    await new Promise((resolve) => setTimeout(resolve, pause));
    let from = kd.stdout.length;
    await target.end();
    await kd.see(/has (?:closed|reset) the connection[\s\S]*Waiting to reconnect/, from);
    from = kd.stdout.length;
    // It is met before its kernel is up, and halted.
    const starting = startMachine({ stub: { kind: 'tcp', port: target.port } });
    ends.push(async () => (await starting).end());
    await kd.see(/Kernel Debugger connection established[\s\S]*Break instruction exception/, from);
    kd.type('bp count_tick', 'g');
    await kd.see(/Breakpoint 0 hit/, from);
    kd.type('q');
    expect(await kd.exited()).toBe(0);
  });

  it('leaves nothing in a machine whose line was unplugged', async () => {
    const cable = await Relay.open();
    ends.push(() => cable.close());
    const [near, far] = cable.ends;
    const target = await startMachine({ stub: { kind: 'chardev', device: `serial,path=${far}` } });
    ends.push(() => target.end());
    const kd = start(['kd', '-k', `com:port=${near},baud=115200`, '-i', testKernel().image]);
    await kd.see(/Break instruction exception/);
    kd.type('bp count_tick', 'g');
    await kd.see(/Breakpoint 0 hit/);
    let from = kd.stdout.length;
    await cable.unplug(0);
    await kd.see(/Waiting to reconnect/, from);
    from = kd.stdout.length;
    await cable.plug(0);
    await kd.see(/Break instruction exception/, from);
    // Both processors have come by it.
    for (let hit = 0; hit < 4; hit++) {
      from = kd.stdout.length;
      kd.type('g');
      await kd.see(/Breakpoint 0 hit[\s\S]*efl=/, from);
    }
    kd.type('bc *', '.echo cleared', 'g');
    await kd.see(/^cleared/m, from);
    from = kd.stdout.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(kd.stdout.slice(from)).not.toContain('exception');
    kd.kill('SIGINT');
    await kd.see(/Break instruction exception/, from);
    kd.type('q');
    expect(await kd.exited()).toBe(0);
  });

  it('serves its session', async () => {
    const target = await machine();
    const server = start(['kd', '-server', 'tcp:port=5500:5699,bind=127.0.0.1', ...wire(target)]);
    const port = (await server.see(/Port=(\d+)/))[1] ?? '';
    await server.see(/Break instruction exception/);
    const { stdout } = await runConsole(
      ['kd', '-remote', `tcp:server=localhost,port=${port}`],
      ['~1', 'r cr3'],
    );
    expect(stdout).toMatch(/1: kd> r cr3\n[\s\S]*cr3=0000000000103000/);
  });

  it('shares its console by .remote, but for secure mode', async () => {
    const directory = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
    const target = await machine();
    const name = `Kernel ${process.pid}`;
    const owner = start(['kd', ...wire(target)], directory);
    await owner.see(/Break instruction exception/);
    owner.type(`.remote ${name}`);
    await owner.see(/To Connect: Remote \/C \S+ "Kernel/);
    const other = start(['remote', '/c', 'localhost', name], directory);
    await other.see(/Connected\.\.\.\n/);
    other.type('~1', 'r cr3', 'bp count_tick', 'g');
    for (const console of [owner, other])
      await console.see(/1: kd> [\s\S]*cr3=0000000000103000[\s\S]*Breakpoint 0 hit/);
    // What is typed here is seen there, and the other way round.
    await owner.see(/bp count_tick +\[/);
    const from = other.stdout.length;
    owner.type('bc *', '? 0n40+2');
    await other.see(/\? 0n40\+2[\s\S]*Evaluate expression: 42 = /, from);
    owner.type('@k');
    expect(await other.exited()).toBe(0);
    owner.type('q');
    expect(await owner.exited()).toBe(0);
    const secure = await runConsole(['kd', '-secure', ...wire(target)], [`.remote ${name}`, 'q'], directory);
    expect(secure.stdout).toMatch(/\.remote is refused in secure mode: it opens a pipe/);
    expect(secure.stdout).not.toContain('To Connect');
  });

  it.each([
    [['kd'], /Nothing to debug: name the wire with -k/],
    [['kd', '-k', 'net:port=50000,key=1.2.3.4'], /KDNET/],
    [
      ['kd', '-k', 'gdb:server=127.0.0.1,port=1'],
      /refused the connection: [\s\S]*Check that the stub is running(?![\s\S]*clicon)/,
    ],
  ])('says what is wrong with %j', async (args, message) => {
    const { stderr, status } = await runConsole(args);
    expect(stderr).toMatch(message);
    expect(status).not.toBe(0);
  });
});
