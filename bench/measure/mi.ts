import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** What an engine without our needs would set too; the rest is GDB's default. */
const SETTINGS = [
  'set confirm off',
  'set pagination off',
  'set width 0',
  'set height 0',
  'set disassembly-flavor intel',
  'set print frame-arguments none',
  'set debuginfod enabled off',
  'set print thread-events off',
];

/**
 * The anchor: GDB/MI with next to nothing around it. Answers are told apart and handed on as text; nothing is
 * parsed, which no real front end could do without.
 */
export class PlainMi {
  readonly #child: ChildProcessWithoutNullStreams;
  #rest = '';
  #answered: ((line: string) => void) | null = null;
  #stopped: ((line: string) => void) | null = null;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.setEncoding('latin1').on('data', (text: string) => this.#data(text));
    child.stderr.resume();
  }

  /** GDB without a target. */
  static async open(program: string | null, settings: readonly string[] = []): Promise<PlainMi> {
    const words = ['--nx', '--quiet', '--interpreter=mi3', ...(program === null ? [] : [program])];
    const mi = new PlainMi(spawn('gdb', words, { stdio: 'pipe' }));
    for (const setting of [...SETTINGS, ...settings]) await mi.console(setting);
    return mi;
  }

  /** GDB with a program that has stopped at the beginning of one of its functions. */
  static async at(program: string, place: string, settings: readonly string[] = []): Promise<PlainMi> {
    const mi = await PlainMi.open(program, settings);
    await mi.send('-inferior-tty-set /dev/null');
    await mi.send(`-break-insert -t *${place}`);
    await mi.resume('-exec-run');
    return mi;
  }

  /** The same through a gdbserver that was given the program. */
  static async through(port: number, program: string, place: string): Promise<PlainMi> {
    const mi = await PlainMi.open(program, ['set breakpoint always-inserted on', 'set sysroot /']);
    await mi.resume(`-target-select remote 127.0.0.1:${port}`);
    await mi.send(`-break-insert -t *${place}`);
    await mi.resume('-exec-continue');
    return mi;
  }

  /** The result record of a command. */
  send(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = (line) =>
        line.startsWith('^error') ? reject(new Error(`${command}: ${line}`)) : resolve(line);
      this.#child.stdin.write(`${command}\n`);
    });
  }

  async console(command: string): Promise<string> {
    return this.send(`-interpreter-exec console "${command}"`);
  }

  /** Runs the target; the record of its stop. */
  resume(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#stopped = resolve;
      this.#answered = (line) => {
        if (line.startsWith('^error')) reject(new Error(`${command}: ${line}`));
      };
      this.#child.stdin.write(`${command}\n`);
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #data(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('^')) this.#answered?.(line);
      else if (line.startsWith('*stopped')) this.#stopped?.(line);
    }
  }
}
