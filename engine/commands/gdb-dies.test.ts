import { describe, expect, it } from 'vitest';
import { GdbBackend } from '../gdb/backend.ts';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };

/** As a defect of its own would end it. */
function crash(console: Console): void {
  const { backend } = console.language;
  if (!(backend instanceof GdbBackend)) throw new Error('there is no GDB');
  process.kill(backend.gdbPid, 'SIGSEGV');
}

async function started(...args: string[]): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: ['3', ...args] });
  await console.run('bp loop!work; g');
  return console;
}

const TOLD =
  /^The engine died: GDB ended by itself\. It was ended by SIGSEGV\..*\n.*\nThe program has ended with it: \.restart starts it again\./m;

describe('a GDB that dies', () => {
  it('as nobody asks anything ends the target, not the session', LONG, async () => {
    const console = await started();
    console.take();
    crash(console);
    await expect.poll(() => console.language.state.run, { timeout: 60_000 }).toBe('noTarget');
    expect(console.take()).toMatch(TOLD);
    expect(await console.run('k')).toContain('No debuggee.');
    expect(await console.run('.restart; g')).toContain('Breakpoint 0 hit');
    expect(await console.run('k 1')).toContain('loop!work');
  });

  it.each(['.for (r $t0 = 0; 1; r $t0 = @$t0 + 1) { x loop!*; k }', 'g', 't 0n10000000', 'wt loop!crash'])(
    'in the midst of %s ends that, and is told once',
    LONG,
    async (line) => {
      const console = await started('spin');
      await console.run('bc *');
      const running = console.run(line);
      await expect.poll(() => console.language.state.run, { timeout: 60_000 }).not.toBe('stopped');
      crash(console);
      const text = await running;
      expect(text.match(new RegExp(TOLD, 'gm')), text).toHaveLength(1);
      expect(console.language.state.run).toBe('noTarget');
      expect(await console.run('.restart; g loop!work; k 1')).toContain('loop!work');
    },
  );
});
