import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ChildAccess } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import type { StubDebugger } from '../../stub/stub.ts';

/** The kernel stops a process that has got SIGSTOP at once, unless it is busy. */
const STOPPED_WITHIN_MS = 5000;
const LOOK_MS = 5;

/** Of processes of this machine. */
export class LocalChildren implements ChildAccess {
  async stop(pid: number): Promise<void> {
    process.kill(pid, 'SIGSTOP');
  }

  stands(pid: number): Promise<void> {
    return untilStands(pid, async () => localStatus(pid));
  }

  async release(pid: number): Promise<void> {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It has ended.
    }
  }

  /**
   * By a GDB that knows no file of its program, and so has no place to put a breakpoint in: the memory is still the
   * parent's. SIGSTOP, sent while that GDB holds it, keeps it where it is.
   */
  async runToExec(pid: number, signal: AbortSignal): Promise<boolean> {
    const child = spawn(
      'gdb',
      ['--nx', '--batch', ...TO_EXEC, `attach ${pid}`, ...afterAttach(pid)].flatMap(asCommand),
      {
        stdio: 'ignore',
        detached: true,
      },
    );
    const giveUp = () => child.kill('SIGKILL');
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    try {
      await ended(child);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
    return /^State:\tT /m.test(localStatus(pid) ?? '');
  }
}

const TO_EXEC = [
  'set sysroot /dev/null/nowhere',
  'set auto-solib-add off',
  'set startup-with-shell off',
  'handle all nostop noprint pass',
];

function afterAttach(pid: number): readonly string[] {
  return ['tcatch exec', 'continue', `shell kill -STOP ${pid}`, 'detach'];
}

const asCommand = (word: string): readonly string[] => (word.startsWith('--') ? [word] : ['-ex', word]);

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
}

/** Of processes behind a process server: its end sends the signals. */
export function remoteChildren(machine: Machine, holder: () => StubDebugger | null): ChildAccess {
  return {
    stop: async (pid) => holder()?.holdChild?.(pid, true),
    stands: (pid) =>
      untilStands(pid, async () => {
        const [status] = await machine.look([`/proc/${pid}/status`]);
        return status?.bytes?.toString('latin1') ?? null;
      }),
    release: async (pid) => {
      await holder()
        ?.holdChild?.(pid, false)
        .catch(() => {});
    },
  };
}

async function untilStands(pid: number, status: () => Promise<string | null>): Promise<void> {
  const end = Date.now() + STOPPED_WITHIN_MS;
  for (;;) {
    const now = await status();
    if (now === null) throw engineErrors.attachRefused(pid, 'it has ended', '');
    if (/^State:\tT /m.test(now) && /^TracerPid:\t0$/m.test(now)) return;
    if (Date.now() > end) throw engineErrors.attachRefused(pid, 'it does not stop', 'It runs on by itself.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function localStatus(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return null;
  }
}
