import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { HAWSER } from '../console-process.ts';

/** Kept of what a process says: its console prints all the session. */
const KEPT = 16 * 1024;

/** A `hawser` process at a console. */
export class Served {
  readonly child: ChildProcess;
  #said = '';
  #wake: (() => void)[] = [];

  constructor(args: readonly string[]) {
    const { HAWSER_PASSWORD: _p, _NT_DEBUG_HISTORY_SIZE: _h, ...rest } = process.env;
    this.child = spawn(process.execPath, [HAWSER, ...args], { stdio: 'pipe', env: rest });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-KEPT);
        this.#rouse();
      });
    this.child.once('exit', () => this.#rouse());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get over(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The GDB that it has started; 0: none. */
  get gdb(): number {
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ');
    const isGdb = (pid: string) => /^gdb/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
    return Number(children.find((pid) => pid !== '' && isGdb(pid)) ?? 0);
  }

  /** Types a line and waits for what it answers. */
  async ask(line: string, answer: RegExp): Promise<RegExpExecArray> {
    this.#said = '';
    this.child.stdin?.write(`${line}\n`);
    return this.see(answer);
  }

  /** @throws when the process ends without it */
  async see(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#said);
      if (match) return match;
      if (this.over) throw new Error(`it ended without ${pattern}:\n${this.#said}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async end(): Promise<void> {
    if (this.over) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const insist = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(insist);
  }

  #rouse(): void {
    for (const each of this.#wake.splice(0)) each();
  }
}
