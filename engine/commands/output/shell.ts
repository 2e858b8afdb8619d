import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { engineErrors } from '../../errors.ts';
import type { CancelFlag } from '../cancel.ts';

export interface ShellRequest {
  readonly command: string;
  /** Left running, with nothing of its output. */
  readonly apart: boolean;
  /** Text for its standard input. */
  readonly input: string | null;
  /** Paths; `none`: nothing; null: what is shown, or an empty input. */
  readonly inputFile: string | 'none' | null;
  readonly outputFile: string | 'none' | null;
  readonly errorFile: string | 'none' | null;
}

interface Surroundings {
  readonly output: (text: string) => void;
  readonly cancel: CancelFlag;
}

/** Runs a shell command and answers how it ended. A break-in ends it, with what it started. */
export async function runShell(
  request: ShellRequest,
  { output, cancel }: Surroundings,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  const opened: number[] = [];
  const file = (path: string, flags: string): number => {
    const descriptor = openFile(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const shown = request.apart ? 'ignore' : 'pipe';
    const write = (path: string | 'none' | null) =>
      path === null ? shown : path === 'none' ? 'ignore' : file(path, 'w');
    const { inputFile, input } = request;
    const read =
      inputFile && inputFile !== 'none' ? file(inputFile, 'r') : input === null ? 'ignore' : 'pipe';
    const child = spawn('/bin/sh', ['-c', request.command], {
      stdio: [read, write(request.outputFile), write(request.errorFile)],
      // A group of its own, so that all of it can be ended.
      detached: true,
    });
    child.stdout?.setEncoding('utf8').on('data', output);
    child.stderr?.setEncoding('utf8').on('data', output);
    // Whoever does not read its input is nobody's trouble.
    child.stdin?.on('error', () => {}).end(input ?? '');
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.on('error', reject);
      child.on(request.apart ? 'spawn' : 'close', (code?: number | null, signal?: NodeJS.Signals | null) =>
        resolve({ code: code ?? null, signal: signal ?? null }),
      );
    });
    if (request.apart) {
      child.unref();
      return await ended;
    }
    return await cancel.during(ended, () => endGroup(child.pid));
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function openFile(path: string, flags: string): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw flags === 'r'
      ? engineErrors.scriptFile(path, code, message)
      : engineErrors.logFile(path, code, message);
  }
}
