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
      for (const [typed, put, answer] of [
        ['.allow_e', 'xec_cmds', 'Execution commands are allowed'],
        ['? loop!g_cou', 'nt', 'Evaluate expression: '],
        ['? lo*!g_cou', 'loop!g_count', 'Evaluate expression: '],
        ['? @$exent', 'ry', 'Evaluate expression: '],
        ['lm m ld_l', 'inux_x86_64_so', 'module name'],
        ['r ri', 'p', 'rip='],
        ['.hh .logo', 'pen', 'Example:'],
      ] as const) {
        terminal.write(typed);
        await shown(typed);
        // By itself, as a key comes: within other text it is text.
        terminal.write('\t');
        await shown(put);
        terminal.write('\r');
        await shown(answer);
        await shown('0:000> ');
      }
      terminal.write('q\r');
      expect(await exited).toBe(0);
    } finally {
      terminal.kill();
    }
  });
});
