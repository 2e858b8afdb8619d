import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';

export const PASSWORD = 'a fathom of line';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Of a hub, what a person is told of it. */
export interface HubAddress {
  readonly address: string;
  readonly fingerprint: string;
}

/** `hawser hub` in a process of its own, with a self-made certificate. */
export class Hub {
  readonly folder = mkdtempSync(join(tmpdir(), 'hawser-e2e-hub-'));
  readonly port: number;
  readonly #options: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  #child: Child | null = null;
  fingerprint = '';

  private constructor(port: number, options: readonly string[], env: NodeJS.ProcessEnv) {
    this.port = port;
    this.#options = options;
    this.#env = env;
  }

  /** @param options of `hawser hub`, beside data, port and url; those that need the port may ask for it */
  static async start(
    options: readonly string[] | ((port: number) => Promise<readonly string[]>) = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Hub> {
    const port = await freePort();
    const given = typeof options === 'function' ? await options(port) : options;
    const hub = new Hub(port, given, env);
    await hub.run();
    return hub;
  }

  get address(): string {
    return `localhost:${this.port}`;
  }

  /** Again, on the same data. */
  async run(): Promise<void> {
    const where = ['-data', this.data, '-port', String(this.port), '-bind', '127.0.0.1'];
    const url = `https://localhost:${this.port}`;
    this.#child = new Child(
      [
        'hub',
        ...where,
        '-url',
        url,
        '-name',
        'Harbour',
        '-contact',
        'help@harbour.example',
        ...this.#options,
      ],
      this.#env,
    );
    const [, fingerprint = ''] = await this.#child.says(/SHA-256: ([0-9A-F:]+)/);
    await this.#child.says('Ctrl+C stops it.');
    this.fingerprint = fingerprint;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  async account(email: string, name: string, ...rights: string[]): Promise<void> {
    const file = join(this.folder, 'password');
    // Once: others may be reading it.
    if (!existsSync(file)) writeFileSync(file, `${PASSWORD}\n`, { mode: 0o600 });
    await this.administer('account', 'add', email, '-name', name, '-passwordfile', file, ...rights);
  }

  /** A command of `hawser hub`. */
  async administer(...args: string[]): Promise<string> {
    const child = new Child(['hub', ...args, '-data', this.data]);
    if ((await child.exited()) !== 0) throw new Error(`hub ${args.join(' ')}: ${child.output}`);
    return child.output;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  async close(): Promise<void> {
    await this.#child?.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A person's own home folder, which no other program instance shares. */
export function makeHome(folder: string, name: string): NodeJS.ProcessEnv {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  return {
    HOME: home,
    XDG_DATA_HOME: '',
    XDG_STATE_HOME: '',
    XDG_CONFIG_HOME: '',
    XDG_CACHE_HOME: '',
    XDG_RUNTIME_DIR: '',
  };
}
