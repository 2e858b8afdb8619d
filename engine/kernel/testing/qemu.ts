import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Architecture, testKernel } from './kernel.ts';

/** Where QEMU's stub listens. */
export type StubPlace =
  /** A port of the loopback, a free one by default. */
  | { readonly kind: 'tcp'; readonly port?: number }
  /** A character device of QEMU's, as after `-chardev`: `serial,path=/dev/pts/3`. */
  | { readonly kind: 'chardev'; readonly device: string };

export interface MachineOptions {
  /** Default x86-64. */
  readonly architecture?: Architecture;
  readonly stub?: StubPlace;
  /** Stopped before the first instruction. */
  readonly held?: boolean;
  /** Default: a machine that starts anew does. */
  readonly endAtReboot?: boolean;
  /** Another kernel than the small one, and what else QEMU is told. */
  readonly kernel?: string;
  readonly more?: readonly string[];
  /** Default 64. */
  readonly megabytes?: number;
}

/** A virtual machine with the small kernel and two processors. */
export interface KernelMachine {
  readonly process: ChildProcess;
  /** Of the stub, on 127.0.0.1; 0 where it is on a character device. */
  readonly port: number;
  /** What the kernel wrote to its serial port. */
  said(): string;
  /** Waits until it has written that; counted from the beginning. @throws when the machine ends without */
  says(text: string): Promise<void>;
  /** As a power cut. */
  end(): Promise<void>;
}

const PROGRAMS: Readonly<Record<Architecture, { readonly qemu: string; readonly args: readonly string[] }>> =
  {
    'x86-64': { qemu: 'qemu-system-x86_64', args: ['-cpu', 'max'] },
    aarch64: { qemu: 'qemu-system-aarch64', args: ['-machine', 'virt', '-cpu', 'cortex-a72'] },
  };

/** Boots the machine; with `held` it waits for a debugger, else the kernel is up when this resolves. */
export async function startMachine(options: MachineOptions = {}): Promise<KernelMachine> {
  const { stub = { kind: 'tcp' }, held = false, architecture = 'x86-64' } = options;
  const kernel = options.kernel ?? testKernel(architecture).image;
  const { qemu, args } = PROGRAMS[architecture];
  const folder = mkdtempSync(join(tmpdir(), 'hawser-machine-'));
  const port = stub.kind === 'tcp' ? (stub.port ?? (await freePort())) : 0;
  const child = spawn(
    qemu,
    [
      ...args,
      ...['-accel', 'tcg', '-smp', '2', '-m', String(options.megabytes ?? 64)],
      ...['-nodefaults', '-display', 'none', '-serial', 'stdio', '-kernel', kernel],
      ...(stub.kind === 'tcp'
        ? ['-gdb', `tcp:127.0.0.1:${port}`]
        : ['-chardev', `${stub.device},id=wire`, '-gdb', 'chardev:wire']),
      ...(held ? ['-S'] : []),
      ...(options.endAtReboot ? ['-no-reboot'] : []),
      ...(options.more ?? []),
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const machine: KernelMachine = {
    process: child,
    port,
    said: () => said,
    says: async (text) => {
      while (!said.includes(text)) {
        if (ended()) throw new Error(`QEMU ended without ${text}: ${said}\n${errors}`);
        await sleep(20);
      }
    },
    end: async () => {
      if (!ended()) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    if (stub.kind === 'tcp' && held) await listening(port, ended);
    if (!held && options.kernel === undefined) await machine.says('ready');
  } catch (error) {
    await machine.end();
    throw error;
  }
  return machine;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function listening(port: number, ended: () => boolean): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const answer = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answer) return;
    if (ended()) throw new Error('QEMU ended before its stub listened');
    await sleep(20);
  }
}
