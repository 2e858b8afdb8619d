import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineErrors } from '../errors.ts';
import type { MiConnection } from './mi/connection.ts';
import { consoleCommand, quote } from './mi/quote.ts';
import { text } from './mi/values.ts';
import base from './python/base.py?raw';
import breakpoints from './python/breakpoints.py?raw';
import memory from './python/memory.py?raw';
import modules from './python/modules.py?raw';
import recording from './python/recording.py?raw';
import stack from './python/stack.py?raw';
import types from './python/types.py?raw';
import values from './python/values.py?raw';

const SOURCE = [base, types, values, stack, modules, memory, breakpoints, recording].join('\n\n');

/** Hawser's Python inside GDB, and the private folder through which large answers go. */
export class Helper {
  readonly #connection: MiConnection;
  readonly #folder = mkdtempSync(join(tmpdir(), 'hawser-'));
  #files = 0;
  /** True, or why not. */
  state: true | string = 'not loaded yet';

  constructor(connection: MiConnection) {
    this.#connection = connection;
  }

  async load(): Promise<void> {
    const path = join(this.#folder, 'hawser.py');
    writeFileSync(path, SOURCE);
    try {
      await this.#connection.send(consoleCommand('python gdb.MICommand'));
    } catch {
      this.state =
        'this GDB has no Python or is older than 12; install the full package (sudo apt-get install gdb)';
      return;
    }
    await this.#connection.send(consoleCommand('set python print-stack none'));
    await this.#connection.send(consoleCommand(`source ${path}`));
    this.state = true;
  }

  /** A method of the helper and its answer; one round trip. */
  async call<T>(method: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<T> {
    if (this.state !== true)
      throw engineErrors.unsupported(`What needs GDB's Python (${method})`, this.state);
    const command = `-hawser ${method} ${quote(JSON.stringify(parameters))}`;
    const { values } = await this.#connection.send(command);
    return JSON.parse(text(values, 'json')) as T;
  }

  /** A path that GDB can write to. */
  file(kind: string): string {
    this.#files += 1;
    return join(this.#folder, `${kind}${this.#files}`);
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
