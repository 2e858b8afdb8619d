import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a real server may take to listen, on a machine with a lot else to do. */
const PATIENCE_MS = 60_000;

/** What goes into the server's configuration besides where it listens. */
export interface NatsServerOptions {
  readonly folder: string;
  readonly name: string;
  readonly port: number;
  /** Of a cluster: where it listens for the others, and where they are. */
  readonly cluster?: { readonly port: number; readonly routes: readonly number[] };
  /** More lines of configuration: users, TLS. */
  readonly more?: string;
}

/** One real nats-server process on loopback, with its data in a folder. */
export class NatsServer {
  readonly options: NatsServerOptions;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(options: NatsServerOptions) {
    this.options = options;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.options.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const file = join(this.options.folder, 'server.conf');
    await mkdir(this.options.folder, { recursive: true });
    await writeFile(file, configuration(this.options));
    const child = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const note = (text: Buffer) => {
      this.#output = (this.#output + text.toString()).slice(-20_000);
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    const failed = new Promise<never>((_resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`nats-server ended with ${code}:\n${this.#output}`)));
    });
    failed.catch(() => undefined);
    const listens = await Promise.race([listening(this.options.port), failed]);
    if (!listens)
      throw new Error(`nats-server does not listen on port ${this.options.port}:\n${this.#output}`);
  }

  /** Ends it at once, as a power cut would: by its own process id. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
    this.#child = undefined;
  }
}

async function listening(port: number): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await answers(port)) return true;
    await wait(50);
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function configuration({ folder, name, port, cluster, more }: NatsServerOptions): string {
  const routes = cluster?.routes.map((route) => `nats://127.0.0.1:${route}`).join(', ');
  return `
server_name: ${name}
listen: "127.0.0.1:${port}"
jetstream { store_dir: "${join(folder, 'data')}", max_memory_store: 256MB, max_file_store: 16GB }
${cluster ? `cluster { name: "hawser", listen: "127.0.0.1:${cluster.port}", routes: [${routes}] }` : ''}
${more ?? ''}
`;
}
