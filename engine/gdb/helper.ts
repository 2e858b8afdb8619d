import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { engineErrors } from '../errors.ts';
import { Answers } from './answers.ts';
import { looksOnly, type MiConnection, type MiResult } from './mi/connection.ts';
import { consoleCommand, quote } from './mi/quote.ts';
import { text } from './mi/values.ts';
import base from './python/base.py?raw';
import breakpoints from './python/breakpoints.py?raw';
import calls from './python/calls.py?raw';
import frames from './python/frames.py?raw';
import holding from './python/holding.py?raw';
import kernel from './python/kernel.py?raw';
import memory from './python/memory.py?raw';
import modules from './python/modules.py?raw';
import process from './python/process.py?raw';
import qualified from './python/qualified.py?raw';
import recording from './python/recording.py?raw';
import rust from './python/rust.py?raw';
import stack from './python/stack.py?raw';
import trees from './python/trees.py?raw';
import types from './python/types.py?raw';
import values from './python/values.py?raw';

const SOURCE = [
  base,
  types,
  values,
  rust,
  trees,
  stack,
  frames,
  modules,
  memory,
  qualified,
  breakpoints,
  recording,
  holding,
  kernel,
  calls,
  process,
].join('\n\n');

/** Hawser's Python inside GDB, and the private folder through which large answers go. */
export class Helper {
  readonly #connection: MiConnection;
  readonly #folder = mkdtempSync(join(tmpdir(), 'hawser-'));
  readonly #answers: Answers;
  #files = 0;
  /** True, or why not. */
  state: true | string = 'not loaded yet';

  constructor(connection: MiConnection) {
    this.#connection = connection;
    this.#answers = new Answers(() => connection.changes);
  }

  async load(): Promise<void> {
    try {
      await this.#connection.send(consoleCommand('python gdb.MICommand'));
    } catch {
      this.state =
        'this GDB has no Python or is older than 12; install the full package (sudo apt-get install gdb)';
      return;
    }
    await this.#connection.send(consoleCommand('set python print-stack none'));
    const code = Buffer.from(SOURCE).toString('base64');
    await this.#connection.send(
      consoleCommand(`python import base64; exec(base64.b64decode('${code}'), globals())`),
    );
    this.state = true;
  }

  /** A method of the helper and its answer; one round trip. */
  async call<T>(method: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const command = commandOf(method, parameters);
    const ask = async (): Promise<string> => {
      const { values } = await this.run(method, parameters);
      return swapQuotes(text(values, 'json'));
    };
    // What comes by a file is not in the answer.
    const keeps = !('out' in parameters) && (looksOnly(command) || isHarmless(method, parameters));
    return JSON.parse(await (keeps ? this.#answers.get(command, ask) : ask())) as T;
  }

  /**
   * A method that may run the target. GDB answers `^running` then, as the target starts, and drops what the
   * method answers.
   */
  async run(method: string, parameters: Readonly<Record<string, unknown>>): Promise<MiResult> {
    if (this.state !== true)
      throw engineErrors.unsupported(`What needs GDB's Python (${method})`, this.state);
    return this.#connection.send(commandOf(method, parameters), isHarmless(method, parameters));
  }

  /** A path that GDB can write to. */
  file(kind: string): string {
    this.#files += 1;
    return join(this.#folder, `${kind}${this.#files}`);
  }

  /** The same file under a name that GDB takes as it is: some of its commands know no quoting. */
  plainName(path: string): string {
    if (/^[\w./+-]+$/.test(path)) return path;
    const link = this.file('file');
    symlinkSync(resolve(path), link);
    return link;
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function commandOf(method: string, parameters: Readonly<Record<string, unknown>>): string {
  return `-hawser ${method} ${quote(JSON.stringify(parameters))}`;
}

/** Functions of the target are never called, so expressions change it by their operators only. */
function isHarmless(method: string, { expression, expressions }: Readonly<Record<string, unknown>>): boolean {
  if (method !== 'evaluate' && method !== 'expression_trees') return false;
  const text = JSON.stringify(method === 'evaluate' ? expression : expressions).replace(
    /(?<![<>])[=!<>]=/g,
    ' ',
  );
  return !/=|\+\+|--/.test(text);
}

/** As python/base.py does it: JSON comes with quotes and apostrophes in each other's place. */
function swapQuotes(text: string): string {
  if (!text.includes('"')) return text.replaceAll("'", '"');
  return text.replaceAll('"', '\0').replaceAll("'", '"').replaceAll('\0', "'");
}
