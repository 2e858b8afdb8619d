import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hawser } from './paths.ts';
import { ports } from './ports.ts';

const PATIENCE = 20_000;

/** A `hawser` tool, or another program, in a process of its own, with what it writes. */
export class Child {
  readonly process: ChildProcess;
  output = '';
  readonly #exited: Promise<unknown>;
  #changed: () => void = () => {};

  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    [command, ...first]: readonly [string, ...string[]] = [process.execPath, hawser],
    /** Who runs it. */
    user: { readonly uid?: number; readonly gid?: number } = {},
  ) {
    this.process = spawn(command, [...first, ...args], {
      ...user,
      env: { ...process.env, ...env },
      // A gdbserver without a process that reads a Ctrl+C in what it is sent interrupts its whole process group.
      detached: command === 'gdbserver',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#changed();
      });
    }
    this.#exited = once(this.process, 'exit').then(() => this.#changed());
  }

  get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  type(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** The end of its input, at which a client leaves. */
  leave(): void {
    this.process.stdin?.end();
  }

  /** Waits for text in what it has written. */
  async says(text: string | RegExp): Promise<RegExpExecArray> {
    const pattern = typeof text === 'string' ? new RegExp(escaped(text)) : text;
    const until = Date.now() + PATIENCE;
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (this.ended || Date.now() > until) {
        throw new Error(`${this.ended ? 'It ended' : 'Waited'} without ${pattern}:\n${this.output}`);
      }
      const changed = new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
      await Promise.race([changed, sleep(250)]);
    }
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#exited;
  }

  async end(): Promise<void> {
    if (this.ended) return;
    this.process.kill('SIGTERM');
    await Promise.race([this.#exited, sleep(5000)]);
    if (!this.ended) await this.kill();
  }

  async exited(): Promise<number | null> {
    await Promise.race([this.#exited, sleep(PATIENCE)]);
    return this.process.exitCode;
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface ServerOptions {
  readonly password?: string;
  /** Default: any that is free. */
  readonly port?: number;
  readonly options?: readonly string[];
}

export interface Served {
  readonly child: Child;
  readonly port: number;
  /** What a client types; without the password. */
  readonly connection: string;
}

/** A debugging server on `program`, on this machine's loopback alone. */
export async function startServer(
  program: readonly string[],
  { password, port, options = [] }: ServerOptions = {},
): Promise<Served> {
  const env = password === undefined ? {} : { HAWSER_PASSWORD: password };
  const where = `tcp:port=${port ?? ports},bind=127.0.0.1`;
  const child = new Child(['cdb', '-server', where, ...options, ...program], env);
  const [, found] = await child.says(/-remote tcp:Port=(\d+)/);
  return { child, port: Number(found), connection: `tcp:server=localhost,port=${found}` };
}

/** A process server, on this machine's loopback alone. */
export async function startProcessServer({ password, options = [] }: ServerOptions = {}): Promise<Served> {
  const env = password === undefined ? {} : { HAWSER_PASSWORD: password };
  const child = new Child(['dbgsrv', '-t', `tcp:port=${ports},bind=127.0.0.1`, ...options], env);
  const [, found] = await child.says(/tcp:Port=(\d+)/);
  return { child, port: Number(found), connection: `tcp:server=localhost,port=${found}` };
}

/** GDB's own stub: on a program, or with `--multi` a process server of its kind. */
export async function startGdbserver(args: readonly string[]): Promise<Served> {
  const child = new Child(args, { SHELL: '/bin/sh' }, ['gdbserver']);
  const [, found] = await child.says(/Listening on port (\d+)/);
  return { child, port: Number(found), connection: `gdb:server=localhost,port=${found}` };
}
