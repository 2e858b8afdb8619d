import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
export const HAWSER = join(ROOT, 'tools/hawser');

// Builds what has changed, so that no test sees its progress among a tool's own words.
execFileSync(process.execPath, [HAWSER, 'version'], { stdio: 'ignore' });

/** The environment of a console under test: no password or history of the person who runs the tests. */
function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { HAWSER_PASSWORD: _p, _NT_DEBUG_HISTORY_SIZE: _h, ...rest } = process.env;
  return { ...rest, ...extra };
}

/** A `hawser` process with its standard input open, as a person or a script would run it. */
export class ConsoleProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<number | string>;
  #wake: (() => void)[] = [];

  /** @param before what starts it: `ip netns exec NAME`, say */
  constructor(args: readonly string[], env: Record<string, string> = {}, before: readonly string[] = []) {
    const [program = process.execPath, ...words] = [...before, process.execPath, HAWSER, ...args];
    this.child = spawn(program, words, { env: environment(env), stdio: 'pipe' });
    const wake = () => {
      for (const each of this.#wake.splice(0)) each();
    };
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      wake();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      wake();
    });
    this.#exited = new Promise((done) => {
      this.child.on('close', (code, signal) => {
        done(code ?? signal ?? 'unknown');
        wake();
      });
    });
  }

  /** Types lines. */
  type(...lines: readonly string[]): void {
    for (const line of lines) this.child.stdin?.write(`${line}\n`);
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  /** Waits until standard output has a match after `from`. @throws when the process ends without it. */
  async see(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const match = new RegExp(pattern, pattern.flags.replace('g', '')).exec(this.stdout.slice(from));
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`ended without ${pattern}\n--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`);
      }
      await new Promise<void>((done) => this.#wake.push(done));
    }
  }

  exited(): Promise<number | string> {
    return this.#exited;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}

/** Runs a tool to its end with some input. */
export async function runConsole(
  args: readonly string[],
  input: readonly string[] = [],
  env: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<{ status: number | string; stdout: string; stderr: string }> {
  const process = new ConsoleProcess(args, env, before);
  process.type(...input);
  process.endInput();
  const status = await process.exited();
  return { status, stdout: process.stdout, stderr: process.stderr };
}
