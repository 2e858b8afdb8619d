import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { engineErrors } from '../errors.ts';
import { ConsoleProgram } from '../machine/console-program.ts';

export interface RunningProgram {
  readonly pid: number;
  type(line: string): void;
  /** Ctrl+C. */
  interrupt(): void;
  kill(): void;
}

/**
 * A console program on a terminal of its own, for its lines to be shared. The terminal does not echo, and calls itself dumb:
 * every window shows what is typed by itself, and none may be drawn on.
 * @throws HawserError `UNSUPPORTED` where there are no terminals
 */
export async function startProgram(
  command: string,
  output: (text: string) => void,
  exited: (status: number) => void,
): Promise<RunningProgram> {
  const lines = plainLines(output);
  const program = await ConsoleProgram.start({
    file: '/bin/sh',
    args: ['-c', `stty -echo; exec ${command}`],
    env: process.env,
    folder: process.cwd(),
    size: { cols: 120, rows: 40 },
    output: lines.add,
    ended: (status, signal) => {
      lines.end();
      exited(signal ? 128 + constants.signals[signal] : (status ?? 0));
    },
  }).catch((error: Error) => {
    throw engineErrors.unsupported('A terminal for the program', error.message);
  });
  return {
    pid: program.pid,
    type: (line) => program.type(`${line}\n`),
    interrupt: () => program.interrupt(),
    kill: () => program.signal('SIGHUP'),
  };
}

/** Text with ends of lines as they were before a terminal, which makes them two characters, wherever its bytes are cut. */
function plainLines(output: (text: string) => void) {
  const decoder = new StringDecoder('utf8');
  let held = '';
  const give = (text: string) => {
    const all = held + text;
    held = /\r*$/.exec(all)?.[0] ?? '';
    const sure = all.slice(0, all.length - held.length).replaceAll(/\r+\n/g, '\n');
    if (sure !== '') output(sure);
  };
  return {
    add: (bytes: Buffer) => give(decoder.write(bytes)),
    end: () => give(decoder.end()),
  };
}
