import { engineErrors } from '../errors.ts';

/** The part of a pseudo-terminal of `@lydell/node-pty` used here. */
interface Child {
  readonly pid: number;
  onData(listener: (text: string) => void): unknown;
  onExit(listener: (end: { exitCode: number; signal?: number }) => void): unknown;
  write(text: string): void;
  kill(signal?: string): void;
  pause(): void;
  resume(): void;
}

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
  let spawn: (file: string, args: string[], options: object) => Child;
  try {
    ({ spawn } = (await import('@lydell/node-pty')) as unknown as { spawn: typeof spawn });
  } catch (error) {
    const why = `the terminal library did not load (${error instanceof Error ? error.message : error})`;
    throw engineErrors.unsupported('A terminal for the program', why);
  }
  const child = spawn('/bin/sh', ['-c', `stty -echo; exec ${command}`], {
    name: 'dumb',
    cols: 120,
    rows: 40,
    cwd: process.cwd(),
    env: { ...process.env, TERM: 'dumb' },
  });
  // A terminal ends lines with both.
  child.onData((text) => output(text.replaceAll('\r\n', '\n')));
  child.onExit(({ exitCode, signal }) => exited(signal ? 128 + signal : exitCode));
  return {
    pid: child.pid,
    type: (line) => child.write(`${line}\n`),
    interrupt: () => child.write('\x03'),
    kill: () => child.kill('SIGHUP'),
  };
}
