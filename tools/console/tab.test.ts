import { spawn } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { loopSource } from '../../engine/commands/testing/loop.ts';
import { compile } from '../../engine/gdb/testing/programs.ts';
import { HAWSER } from '../testing/console-process.ts';

describe('TAB at a console', () => {
  it('completes commands, options, symbols, modules and registers', { timeout: 120_000 }, async () => {
    const program = compile('loop.c', loopSource);
    const env = { ...process.env, HAWSER_DIRECTORY_PORT: 'off', TERM: 'xterm' };
    const terminal = spawn(HAWSER, ['cdb', program.path, '3'], { cols: 200, rows: 50, env });
    let text = '';
    let looks: () => void = () => {};
    terminal.onData((data) => {
      text += data;
      looks();
    });
    /** Waits for it in what came since the last time. */
    const shown = (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        looks = () => {
          const at = text.indexOf(wanted);
          if (at < 0) return;
          text = text.slice(at + wanted.length);
          looks = () => {};
          resolve();
        };
        looks();
      });
    const exited = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    try {
      await shown('0:000> ');
      terminal.write('.expr\r');
      await shown('Current expression evaluator: MASM');
      // What TAB puts in is seen by what the line then does.
      for (const [typed, answer] of [
        ['.allow_e\t', 'may run the target'],
        ['? 0n7 + 0*loop!g_cou\t', 'Evaluate expression: 7 ='],
        ['? 0n8 + 0*lo*!g_cou\t', 'Evaluate expression: 8 ='],
        ['? 0n9 + 0*@$exent\t', 'Evaluate expression: 9 ='],
        ['lm m ld_l\t', 'ld_linux_x86_64_so'],
        ['r ri\t', 'rip='],
        ['.hh .logo\t', '.logopen [/t]'],
      ] as const) {
        terminal.write(typed);
        // Its echo: TAB is answered when something is there that was not typed.
        await shown(typed.slice(0, -1));
        terminal.write('\r');
        await shown(answer);
      }
      // Several: a list of them.
      terminal.write('bp /\t\t');
      await shown('/C');
      terminal.write('\u0015q\r');
      expect(await exited).toBe(0);
    } finally {
      terminal.kill();
    }
  });
});
