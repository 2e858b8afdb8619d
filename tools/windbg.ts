import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { HawserError } from '../transports/errors/error.ts';
import { debuggerOptions, kernelOptions, parseDebuggerArguments } from './cli/debugger-options.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { givenPassword } from './cli/password.ts';
import type { Tool } from './cli/tool.ts';
import { checkWire } from './kd.ts';
import { findElectron, noSandboxReason } from './windbg/electron.ts';
import { guiEnvironment } from './windbg/hand-over.ts';

const options: readonly OptionSpec[] = [
  ...debuggerOptions,
  ...kernelOptions,
  {
    names: ['i'],
    value: 'FILE',
    help: 'with -k: the image of the kernel (vmlinux), with its symbols; with -premote gdb:… the\nprogram behind a stub which does not tell it',
  },
];

/** What shows the window: Electron with the checkout, or a package's own program. */
export interface WindowProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** The window, in the foreground: it ends when the window is closed. */
export const windbgFrom = (program: () => WindowProgram): Tool => ({
  name: 'windbg',
  summary: 'the debugger with windows; without arguments it opens dormant',

  help: () => `hawser windbg: the debugger with windows

Usage:
  hawser windbg
  hawser windbg [-server CONNECTION] [OPTIONS] PROGRAM [ARGUMENTS]
  hawser windbg [-server CONNECTION] [OPTIONS] -p PID
  hawser windbg [-server CONNECTION] [OPTIONS] -z CORE [PROGRAM]
  hawser windbg [-server CONNECTION] [OPTIONS] -premote CONNECTION [PROGRAM [ARGUMENTS] | -p PID | -pn NAME | -cimp]
  hawser windbg [-server CONNECTION] [OPTIONS] -k WIRE
  hawser windbg -remote CONNECTION [OPTIONS]

Options:
${optionLines(options)}

Without a target and -remote it opens dormant: connect or open something from its File menu. It stays in the
foreground until its window is closed.`,

  async run(argv) {
    const args = parseDebuggerArguments(argv, options);
    if (args.server !== undefined && !args.target && (args.premote ?? args.kernel) === undefined) {
      throw new UsageError('-server needs something to debug: give a program, -p PID, -pn NAME or -z CORE.');
    }
    if (args.localSourcePath !== undefined) {
      process.stderr.write('-lsrcpath has no effect in this version: its windows show no sources yet.\n');
    }
    if (args.kernel !== undefined) checkWire(args.kernel);
    const password = await givenPassword(args.passwordFile);
    needDisplay();
    const { file, args: words } = program();
    const child = spawn(file, words, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: guiEnvironment(args, password, process.env),
    });
    return foreground(child);
  },
});

function inCheckout(): WindowProgram {
  const root = join(import.meta.dirname, '..', '..');
  const electron = findElectron(root, process.env);
  const reason = noSandboxReason(electron);
  if (reason !== null) process.stderr.write(`Electron runs with --no-sandbox: ${reason}.\n`);
  return { file: electron, args: [...(reason === null ? [] : ['--no-sandbox']), root] };
}

export const windbg = windbgFrom(inCheckout);

function needDisplay(): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
  throw new HawserError(
    'NO_DISPLAY',
    'There is no display to show a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.',
    'Use the console, hawser cdb, or run it under xvfb-run.',
  );
}

/** Waits for the window; a signal that should end this ends it in good order. */
function foreground(child: ChildProcess): Promise<number> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = () => void child.kill('SIGTERM');
  for (const signal of signals) process.on(signal, end);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new HawserError('ELECTRON_FAILED', `Electron cannot be started: ${error.message}.`)),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    for (const signal of signals) process.off(signal, end);
  });
}
