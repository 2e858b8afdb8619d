import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that spins, started by somebody else. */
async function spinning(): Promise<number> {
  const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

/** A launched program as system 0, and one beside it that was attached to as system 1. */
async function two(...args: readonly string[]) {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args });
  const pid = await spinning();
  const attached = await console.run(`.attach 0n${pid}`);
  return { console, pid, attached };
}

/** What the console says until it has matched. */
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 30_000 }).toBe(true);
}

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('systems', () => {
  it('lists what is debugged, and goes from one to the other', LONG, async () => {
    const { console, pid, attached } = await two('3');
    const first = console.language.state;
    expect(attached).toContain(`Attached to process ${pid}`);
    expect(attached).toContain('Break instruction exception');
    expect(first.prompt).toBe('||1:0:000> ');
    expect(first.description).toContain(`(pid ${pid})`);
    const listed = await console.run('||');
    expect(listed).toMatch(
      new RegExp(
        `^   0 Live user mode: <Local> 0n\\d+ loop\\n\\.  1 Live user mode: <Local> 0n${pid} loop\\n$`,
      ),
    );
    expect(await console.run('||0s')).toMatch(/_start|ld_linux/);
    expect(console.language.state.prompt).toBe('||0:0:000> ');
    expect(await console.run('|')).toMatch(/create {2}name: loop/);
    expect(await console.run('||')).toMatch(/^\. {2}0 .*\n# {2}1 /);
    expect(await console.run('||#s; ? $dsid')).toContain('= 00000000`00000001');
    expect(await console.run('||.')).toMatch(/^\. {2}1 /);
    expect(await console.run('||7s')).toContain('There is no system 7');
    expect(await console.run('||*s')).toContain('Syntax error');
    expect(await console.run('||x')).toContain('Syntax error');
  });

  it(
    'runs all with g; the first stop is shown, stops the others and makes its system the current',
    LONG,
    async () => {
      const { console } = await two('3');
      const before = await console.run('? poi(loop!handled)');
      await console.run('||0s; bp loop!recurse; ||1s');
      const text = await console.run('g');
      expect(text).toContain('Breakpoint 0 hit');
      expect(text).not.toContain('Break instruction');
      expect(console.language.state.prompt).toBe('||0:0:000> ');
      await console.run('||1s');
      let once = await console.run('? poi(loop!handled)');
      // On a busy machine it may not have had its turn before the first stop.
      for (let hit = 0; hit < 3 && once === before; hit++) {
        expect(await console.run('g')).toContain('Breakpoint 0 hit');
        once = await console.run('||1s; ? poi(loop!handled)');
      }
      expect(once).not.toBe(before);
      once = await console.run('? poi(loop!handled)');
      // It was stopped: it does not count on.
      expect(await console.run('? poi(loop!handled)')).toBe(once);
    },
  );

  it('moves the current system alone by steps', LONG, async () => {
    const { console } = await two('3');
    const there = await console.run('? poi(loop!handled)');
    await console.run('||0s; t 20; p');
    expect(console.language.state.prompt).toBe('||0:0:000> ');
    expect(await console.run('||1s; ? poi(loop!handled)')).toContain(there.trim());
  });

  it('breaks in to the current one; the others stay quiet', LONG, async () => {
    const { console } = await two('3', 'spin');
    const running = console.run('g');
    await until(() => console.language.state.run === 'running' && console.debuggee.includes('recurse'));
    await console.language.breakIn();
    const text = await running;
    expect(text.match(/Break instruction exception/g)).toHaveLength(1);
    expect(console.language.state.prompt).toBe('||1:0:000> ');
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('||0s; k 3')).toContain('loop!main');
  });

  it('keeps breakpoints apart, with ids that are unique', LONG, async () => {
    const { console } = await two('3');
    await console.run('bp loop!recurse; ||0s; bp loop!work');
    expect(await console.run('bl')).toMatch(/^ 1 e .*loop!work\n$/);
    expect(await console.run('bc 0')).toContain('There is no breakpoint 0 in this system');
    expect(await console.run('bp0 loop!main')).toContain('Breakpoint 0 is one of another system');
    expect(await console.run('bp loop!main; bl')).toMatch(/^ 1 e .*\n 2 e .*\n$/);
    expect(await console.run('||1s; bl')).toMatch(/\n 0 e .*loop!recurse\n$/);
  });

  it('goes on with the other system when a program ends, or is ended or let go', LONG, async () => {
    const { console, pid } = await two('3');
    await console.run('bp loop!recurse; ||0s');
    const ended = await console.run('g');
    expect(ended).toContain(
      'has exited with code 3; system 0 has ended.\nThe session goes on with system 1.\n',
    );
    expect(console.language.state).toMatchObject({ prompt: '0:000> ', process: { pid } });
    expect(await console.run('r rip')).toMatch(/^rip=/);
    await console.run(`.create ${program.path} 3 spin`);
    expect(console.language.state.prompt).toBe('||0:0:000> ');
    const created = console.language.state.process?.pid ?? 0;
    expect(await console.run('.kill')).toBe(
      'Terminated.  Exit thread and process events will occur.\nThe session goes on with system 1.\n',
    );
    await until(() => !isAlive(created));
    expect(await console.run('.detach')).toBe('Detached\n');
    expect(isAlive(pid)).toBe(true);
    expect(console.language.state.prompt).toBe('NoTarget> ');
    // Into a session without a target, too; breakpoints of those before do not come back.
    expect(await console.run(`.attach 0n${pid}`)).toContain('Attached to process');
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('bl')).toBe('');
  });

  it('reports a second chance in the system that it is of', LONG, async () => {
    const { console } = await two('3', 'crash');
    await console.run('||0s');
    expect(await console.run('g')).toContain('Access violation - code c0000005 (first chance)');
    await console.run('||1s');
    expect(await console.run('g')).toContain('Access violation - code c0000005 (!!! second chance !!!)');
    expect(console.language.state.prompt).toBe('||0:0:000> ');
  });

  it('says why another system cannot go on', LONG, async () => {
    const { console } = await two('3');
    await console.run('bp 0; ||0s');
    expect(await console.run('g')).toMatch(/Breakpoint 0 cannot be set at .*00000000/);
    expect(console.language.state.run).toBe('stopped');
  });

  it('ends what was launched, and lets go what was attached to, when nobody has said', LONG, async () => {
    const { console, pid } = await two('3', 'spin');
    await console.run('||0s');
    const launched = console.language.state.process?.pid ?? 0;
    expect(console.language.leavesRunning('unsaid')).toBe(true);
    expect(console.language.leavesRunning('quit')).toBe(false);
    await console.language.dispose('unsaid');
    await until(() => !isAlive(launched));
    expect(isAlive(pid)).toBe(true);
  });
});

describe('.attach and .create', () => {
  it('start a session that has none yet', LONG, async () => {
    const console = new Console();
    const text = await console.run(`.create "${program.path}" 3 'a b'`);
    expect(text).toContain(`CommandLine: ${program.path} 3 a b`);
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('||')).toMatch(/^\. {2}0 Live user mode: <Local> 0n\d+ loop\n$/);
  });

  it('run on, or look only', LONG, async () => {
    const pid = await spinning();
    const console = new Console();
    const running = console.run(`.attach -b 0n${pid}`);
    await until(() => console.language.state.run === 'running');
    await console.language.breakIn();
    expect(await running).toContain('Break instruction exception');
    await console.run('.detach');
    await console.run(`.attach -v 0n${pid}`);
    expect(await console.run('g')).toContain('looking only');
  });

  it('leave what there is as it was when they fail', LONG, async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    await console.run('bp loop!work');
    expect(await console.run('.attach 0n999999999')).toContain('Cannot attach to process 999999999');
    expect(await console.run('.create /nosuch/program')).toContain("Cannot run '/nosuch/program'");
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('||')).toMatch(/^\. {2}0 .*\n$/);
    expect(await console.run('g')).toContain('Breakpoint 0 hit');
    await console.run('bc *; g');
    await console.run('.create /nosuch/program');
    expect(await console.run('.restart')).toContain('CommandLine:');
  });

  it('refuse what means nothing here', async () => {
    const console = new Console();
    expect(await console.run('.attach -e 1')).toMatch(/^-e is not available: a process that has a debugger/);
    expect(await console.run('.attach -k 1')).toMatch(/^-k is not available/);
    expect(await console.run('.attach -q 1')).toContain('Syntax error');
    expect(await console.run('.attach')).toContain('Syntax error');
    expect(await console.run('.attach 0')).toContain('no process id');
    expect(await console.run('.create')).toContain('Syntax error');
    expect(await console.run('.attach -premote')).toContain('Syntax error');
    expect(await console.run('.endpsrv')).toContain('not connected to a process server');
  });

  it('find processes of this machine with .tlist', LONG, async () => {
    const pid = await spinning();
    const console = new Console();
    expect(await console.run('.tlist LO*')).toMatch(new RegExp(`^ 0n${pid} loop$`, 'm'));
    expect(await console.run('.tlist -v loop')).toContain(`Command line: ${program.path} 1 spin`);
    await console.run(`.attach 0n${pid}`);
    expect(await console.run('.tlist -c')).toBe(` 0n${pid} loop\n`);
    expect(await console.run('.tlist nosuchprogram')).toBe('No such process.\n');
    // Two debuggers cannot have it.
    expect(await console.run(`.attach 0n${pid}`)).toContain(`Cannot attach to process ${pid}`);
    expect(console.language.state.prompt).toBe('0:000> ');
  });

  it('start programs where .createdir says', LONG, async () => {
    const console = new Console();
    expect(await console.run('.createdir')).toContain('<where the debugger');
    expect(await console.run('.createdir -i /tmp')).toContain('-i is not available');
    expect(await console.run('.createdir /usr/lib')).toBe('Programs start in: /usr/lib\n');
    await console.run(`.create ${program.path} 3`);
    const { pid } = console.language.state.process ?? { pid: 0 };
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('PWD=');
    expect(await console.run('.createdir ""')).toContain('<where the debugger');
  });
});
