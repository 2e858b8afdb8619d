import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const started = new Set<ChildProcess>();

/** Ends those that still run. */
export async function endVms(): Promise<void> {
  for (const child of [...started]) await end(child);
}

async function end(child: ChildProcess): Promise<void> {
  started.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export interface Vm {
  readonly process: ChildProcess;
  /** `info status` of its monitor. */
  status(): Promise<'running' | 'paused'>;
  /** What the monitor says to a command. */
  monitor(command: string): Promise<string>;
  kill(): Promise<void>;
}

/**
 * A PC without a disk, running its firmware. `gdb`: where its stub is (`tcp:127.0.0.1:1234`, `unix:PATH,server=on,wait=off`,
 * a serial device's path).
 */
export function startVm(gdb: string, ...more: string[]): Promise<Vm> {
  return startVmIn([], gdb, ...more);
}

/** @param before what starts it: `ip netns exec NAME`, say */
export async function startVmIn(before: readonly string[], gdb: string, ...more: string[]): Promise<Vm> {
  const args = ['-gdb', gdb, '-display', 'none', '-monitor', 'stdio', '-m', '32', '-nodefaults', ...more];
  const [program = '', ...words] = [...before, 'qemu-system-x86_64', ...args];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  started.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
  const prompts = () => said.split('(qemu) ').length - 1;
  const prompt = async (count: number) => {
    while (prompts() < count) {
      if (child.exitCode !== null) throw new Error(`qemu ended: ${said}`);
      await sleep(10);
    }
  };
  await prompt(1);
  let turn: Promise<unknown> = Promise.resolve();
  const monitor = (command: string): Promise<string> => {
    const answer = turn.then(async () => {
      const before = prompts();
      const at = said.length;
      child.stdin.write(`${command}\n`);
      await prompt(before + 1);
      return said.slice(at);
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  // Its main loop runs, and its stub listens.
  await monitor('info status');
  return {
    process: child,
    monitor,
    status: async () => ((await monitor('info status')).includes('paused') ? 'paused' : 'running'),
    kill: () => end(child),
  };
}
