import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { stubErrors } from '../errors.ts';

/** `GNU gdbserver (Debian 13.1-3) 13.1`. @throws HawserError `GDBSERVER_MISSING` */
export async function gdbserverVersion(program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 });
    return stdout.split('\n', 1)[0]?.trim() ?? '';
  } catch {
    throw stubErrors.gdbserverMissing(program);
  }
}

/** Programs are started by this script: see {@link writeStarter}. No blank and nothing special may be in its path. */
const SAFE_PATH = /^[\w./+-]+$/;
/** Programs' input and output, in gdbserver and in what it starts. */
const TERMINAL_FD = 3;

export interface Gdbserver {
  readonly child: ChildProcess;
  readonly input: Writable;
  readonly output: Readable;
  readonly errors: Readable;
  /** Programs' end of this, where no terminal was given. */
  readonly pipe: Duplex | null;
  /** What is to be started next. */
  setProgram(program: string, args: readonly string[]): void;
  dispose(): void;
}

/**
 * A gdbserver that speaks over its standard input and output, in a session of its own, so that a Ctrl+C at the server's
 * console is none of its business.
 *
 * @param terminal open file of the terminal for programs; null: a pipe
 */
export function spawnGdbserver(program: string, terminal: number | null): Gdbserver {
  const folder = starterFolder();
  const starter = join(folder, 'start');
  const shell = process.env.SHELL;
  const child = spawn(program, ['--wrapper', '/bin/sh', starter, '--', '--multi', '-'], {
    stdio: ['pipe', 'pipe', 'pipe', terminal ?? 'pipe'],
    detached: true,
    // It starts programs by a shell; a person's own would read its start-up files first.
    env: { ...process.env, SHELL: '/bin/sh' },
  });
  const [input, output, errors, pipe] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Duplex | null,
  ];
  input.on('error', () => undefined);
  const setProgram = (name: string, args: readonly string[]) =>
    writeFileSync(starter, starterScript(name, args, shell), { mode: 0o600 });
  setProgram('', []);
  return {
    child,
    input,
    output,
    errors,
    pipe: terminal === null ? pipe : null,
    setProgram,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function starterFolder(): string {
  const base = SAFE_PATH.test(tmpdir()) ? tmpdir() : '/tmp';
  return mkdtempSync(join(base, 'hawser-stub-'));
}

/**
 * gdbserver's own way with arguments harms some (line feeds, quotes), so they stand here. The terminal is an inherited file,
 * in the place of gdbserver's own standard input and output, which carry packets.
 */
function starterScript(program: string, args: readonly string[], shell: string | undefined): string {
  const words = program === '' ? '"$@"' : [program, ...args].map(shellWord).join(' ');
  const restore = shell === undefined ? 'unset SHELL' : `SHELL=${shellWord(shell)}`;
  return `[ "$SHELL" != /bin/sh ] || ${restore}
exec ${words} <&${TERMINAL_FD} >&${TERMINAL_FD} 2>&${TERMINAL_FD} ${TERMINAL_FD}>&-
`;
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
