import type { Program } from '../../../gdb/testing/programs.ts';
import { Console, REMOTE } from '../console.ts';

/** A line that has not ended by then is broken into, and again. */
const IMPATIENT_MS = 1000;
const HANGS_AFTER = 30;
const REGISTERS = ['rip', 'rsp', 'rbp', 'rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'eflags', 'r8', 'r15'];

/** A program under a debugger, for lines that nobody knows what they do. */
export class FuzzSession {
  readonly console: Console;
  readonly #program: Program;
  #globals = 0n;

  private constructor(program: Program, secure: boolean) {
    this.#program = program;
    this.console = new Console({ secure });
  }

  static async start(program: Program, secure: boolean): Promise<FuzzSession> {
    const session = new FuzzSession(program, secure);
    await session.console.start({ kind: 'launch', program: program.path, args: ['3', 'threads'] });
    await session.console.run('g loop!recurse');
    session.#globals =
      ((await session.console.language.backend?.resolveSymbol('loop', 'g_count', { thread: 0, frame: 0 })) ??
        0n) & ~0xfffn;
    return session;
  }

  get program(): Program {
    return this.#program;
  }

  /** What the line printed. @throws Error when no break-in ends it */
  async run(line: string): Promise<string> {
    const done = this.console.run(line, REMOTE);
    for (let times = 0; times < HANGS_AFTER; times++) {
      const text = await Promise.race([done, later()]);
      if (text !== null) return text + (await this.#unasked());
      await this.console.language.breakIn();
    }
    throw new Error('it neither ends nor can be broken into');
  }

  /** The next line is to be a command: what is asked for (`e` without values) is not given. */
  async #unasked(): Promise<string> {
    return this.console.language.state.prompt === 'Input> ' ? this.console.run('', REMOTE) : '';
  }

  /** Stopped, with the program there. */
  get ready(): boolean {
    const { kind, run } = this.console.language.state;
    return kind === 'live' && run === 'stopped';
  }

  /** Whether a command still does what it says. */
  async isAlive(): Promise<boolean> {
    await this.console.run('ad /q *', REMOTE);
    return (await this.console.run('.echo alive', REMOTE)) === 'alive\n';
  }

  /** The program's registers, variables and the top of its stack. */
  async snapshot(): Promise<string> {
    const { backend } = this.console.language;
    if (!backend) return '';
    const registers = await backend.registers({ thread: 0, frame: 0 }, REGISTERS);
    const stack = await backend.readMemory(registers.get('rsp') ?? 0n, 0x100);
    const globals = await backend.readMemory(this.#globals, 0x1000);
    const values = REGISTERS.map((name) => `${name}=${registers.get(name)?.toString(16)}`).join(' ');
    return `${values} ${hex(stack.bytes)} ${hex(globals.bytes)}`;
  }

  async end(): Promise<void> {
    await this.console.language.dispose('kill');
  }
}

function later(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), IMPATIENT_MS));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
