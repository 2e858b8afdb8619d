import { isAscii } from 'node:buffer';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { HawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { type MiRecord, type MiTuple, parseRecord } from './parser.ts';
import { text } from './values.ts';

export interface MiOptions {
  readonly gdb: string;
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface MiListener {
  /** Asynchronous records: `*stopped`, `=library-loaded`, … */
  async(kind: 'exec' | 'status' | 'notify', name: string, values: MiTuple): void;
  stream(kind: 'console' | 'target' | 'log', text: string): void;
  /** GDB ended without {@link MiConnection.close}; every request has been rejected by then. */
  died(detail: string): void;
  /** What GDB's end comes of, where that is known; null: of itself. */
  endedBy?(): HawserError | null;
  /** What is behind an error of GDB's; null: the error is what it is. */
  explain?(error: HawserError): Promise<unknown> | null;
}

export interface MiResult {
  /** `done`, `running`, `connected`, `exit`. */
  readonly name: string;
  readonly values: MiTuple;
  /**
   * Of `running` alone: resolves when GDB takes it back. It says `^running` before it puts breakpoints in; where
   * that fails a second record, `^error`, follows under the same token, and no `*stopped`.
   */
  readonly failed?: Promise<HawserError>;
}

interface Pending {
  readonly command: string;
  /** It only looks, and can be given up. */
  readonly looks: boolean;
  cancelled: boolean;
  resolve(result: MiResult): void;
  reject(error: Error): void;
}

/** Longest record taken: a 64 MiB memory block in hexadecimal and some. */
const MAX_RECORD = 160 * 1024 * 1024;
/** What is kept of GDB's standard error, to say why it died. */
const MAX_STDERR = 4096;
/**
 * A defect of GDB's own ends it, but leaves no core file of it in our working folder; what GDB itself only warns of does not
 * even end it. It would ask, and take our silence for a yes to both.
 */
const ON_DEFECTS = [
  'internal-error quit yes',
  'internal-error corefile no',
  'internal-warning quit no',
  'internal-warning corefile no',
  'demangler-warning quit no',
].flatMap((setting) => ['-iex', `maintenance set ${setting}`]);

/** How many times longer a GDB that has agreed to end may take for it. */
const EXIT_FACTOR = 10;

/** Commands after which target and registers are what they were; any other may have changed them. */
const LOOKS = new RegExp(
  `^-(?:data-read-memory-bytes|data-list-register|hawser (?:${[
    ...['registers', 'register_bytes', 'stacks', 'threads', 'thread_pointers', 'stack_pointers'],
    ...['disassemble', 'disassemble_before', 'function_ranges', 'dump_memory', 'mappings', 'read_number'],
    ...[
      'modules',
      'dump_symbols',
      'describe_symbols',
      'local_address',
      'locals',
      'variables_at',
      'read_value',
    ],
    ...['lines', 'addresses_of_line', 'source_text', 'source_lines'],
    ...['find_type', 'find_types', 'type_files', 'type_layout', 'variables_of_type'],
    ...['auxv', 'link_maps', 'string_array', 'read_each', 'registers_of_threads', 'register_names'],
    ...['local_trees', 'syscall_names', 'demangle', 'missing_libraries'],
  ].join('|')}) )`,
);

export const looksOnly = (command: string): boolean => LOOKS.test(command);

/** What is over by itself within that time is not given up. */
const GIVE_UP_MS = 60;

/** Drops what GDB knows of registers and frames. */
const FLUSH = '-interpreter-exec console "maintenance flush register-cache"';

/** Those that write what they have looked at into a file. */
const WRITES_DOWN = /^-interpreter-exec console "generate-core-file /;

/** A GDB process of our own, spoken to in MI3. */
export class MiConnection {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #listener: MiListener;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  /** The last command that GDB answered with `^running`. */
  #ran: { readonly token: number; readonly command: string; fail(error: HawserError): void } | null = null;
  #token = 0;
  #changes = 0;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #stderr = '';
  /** What it logged first since it last answered. */
  #logged = '';
  #closing = false;
  #cancelling = false;
  /** What was sent meanwhile. */
  #held: string[] = [];
  #dead: Error | null = null;
  #writable: Promise<void> = Promise.resolve();

  private constructor(child: ChildProcessWithoutNullStreams, listener: MiListener) {
    this.#child = child;
    this.#listener = listener;
    child.stdout.on('data', (chunk: Buffer) => this.#data(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
    });
    // A write to a GDB that has just died; its end is told by `close`.
    child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#end(signal ? `It was ended by ${signal}.` : `Its exit status was ${code}.`);
        resolve();
      });
    });
  }

  /** Rejects with GDB_MISSING where there is no such program. */
  static async open(options: MiOptions, listener: MiListener): Promise<MiConnection> {
    const child = spawn(options.gdb, ['--nx', '--quiet', '--interpreter=mi3', ...ON_DEFECTS], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: options.env,
      // A terminal's Ctrl+C is for the front, which breaks in by itself; it must not reach GDB as well.
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', () => reject(engineErrors.gdbMissing(options.gdb)));
    });
    child.on('error', () => {});
    return new MiConnection(child, listener);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Grows with every command that may change the target. */
  get changes(): number {
    return this.#changes;
  }

  /** Something was asked for and is not answered yet. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  get alive(): boolean {
    return this.#dead === null;
  }

  /**
   * Sends a command (`-exec-run`) and answers its result record; `^error` rejects with code GDB. `harmless`: it changes nothing,
   * which its name does not say.
   */
  send(command: string, harmless = false): Promise<MiResult> {
    if (this.#dead) return Promise.reject(this.#dead);
    this.#token += 1;
    const looks = LOOKS.test(command);
    if (!looks && !harmless) this.#changes += 1;
    const token = this.#token;
    return new Promise((resolve, reject) => {
      const gives = looks || WRITES_DOWN.test(command);
      this.#pending.set(token, { command, looks: gives, cancelled: false, resolve, reject });
      const line = `${token}${command}\n`;
      if (this.#cancelling && command !== FLUSH) this.#held.push(line);
      else this.#write(line);
    });
  }

  /** SIGINT, as Ctrl+C in GDB's own terminal would be. While GDB ends, it would crash it in its Python. */
  interrupt(): void {
    if (this.alive && !this.#closing) this.#child.kill('SIGINT');
  }

  /**
   * Gives up what GDB is at, where all of that only looks: it rejects with INTERRUPTED, at once, whatever GDB still does; what is asked
   * next waits for that. `interrupts`: GDB is told by SIGINT, for it looks itself. A second one before GDB has taken the first
   * would have it give up a stub, so that one question stands between the two.
   */
  cancel(interrupts = true): void {
    const all = [...this.#pending.values()].filter(
      ({ command, cancelled }) => command !== FLUSH && !cancelled,
    );
    if (all.length === 0 || !all.every(({ looks }) => looks)) return;
    const writes = all.some(({ command }) => WRITES_DOWN.test(command));
    if (writes && !interrupts) return;
    for (const pending of all) {
      pending.cancelled = true;
      // What is half written is taken away when GDB has left it.
      if (!writes) pending.reject(engineErrors.interrupted());
    }
    if (!interrupts || this.#cancelling) return;
    void this.#giveUp(all);
  }

  /**
   * GDB is told to give up what takes longer only: among what a SIGINT may meet it in is some that it does not survive
   * (`gdb_exception_quit`, thrown where nothing may be). Nothing that came later stands behind what it gives up, for that might
   * be given up in its place.
   */
  async #giveUp(given: readonly Pending[]): Promise<void> {
    this.#cancelling = true;
    const late = setTimeout(() => {
      const waiting = new Set(this.#pending.values());
      if (given.some((one) => waiting.has(one))) this.interrupt();
    }, GIVE_UP_MS);
    // A stack that was being walked would stay as short as it had come to. It may be this very command that is given up.
    const flush = () => this.send(FLUSH);
    await flush()
      .catch(flush)
      .catch(() => {});
    clearTimeout(late);
    this.#cancelling = false;
    for (const line of this.#held.splice(0)) this.#write(line);
  }

  /** Ends GDB: orderly, then by SIGTERM, then by SIGKILL. */
  async close(patience = 1000): Promise<void> {
    this.#closing = true;
    let leaves = false;
    const agreed = () => {
      leaves = true;
    };
    if (this.alive) this.send('-gdb-exit').then(agreed, () => {});
    if (await this.#endsWithin(patience)) return;
    // SIGTERM would crash a GDB that takes its Python down, which on a busy machine takes its time.
    if (!leaves) this.#child.kill('SIGTERM');
    if (await this.#endsWithin(leaves ? EXIT_FACTOR * patience : patience)) return;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Ends GDB before it can do anything to its target. */
  async kill(): Promise<void> {
    this.#closing = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), milliseconds);
    });
    const ended = await Promise.race([this.#ended.then(() => true), late]);
    clearTimeout(timer);
    return ended;
  }

  #write(line: string): void {
    const stdin = this.#child.stdin;
    if (!stdin.writableNeedDrain) {
      stdin.write(line);
      return;
    }
    this.#writable = this.#writable.then(
      () =>
        new Promise((resolve) => {
          if (stdin.destroyed) return resolve();
          if (stdin.write(line)) return resolve();
          stdin.once('drain', resolve);
          stdin.once('close', resolve);
        }),
    );
  }

  #data(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#line(this.#join(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (from === chunk.length) return;
    const rest = chunk.subarray(from);
    this.#chunks.push(rest);
    this.#buffered += rest.length;
    if (this.#buffered > MAX_RECORD) this.#broken('it sent a record without end');
  }

  #join(last: Buffer): Buffer {
    if (this.#chunks.length === 0) return last;
    const line = Buffer.concat([...this.#chunks, last]);
    this.#chunks = [];
    this.#buffered = 0;
    return line;
  }

  #line(bytes: Buffer): void {
    const line = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8').replace(/\r$/, '');
    if (line === '') return;
    let record: MiRecord;
    try {
      record = parseRecord(line);
    } catch {
      // Without a terminal of its own a target writes here too; no record is lost by passing it on.
      this.#listener.stream('target', `${line}\n`);
      return;
    }
    this.#record(record);
  }

  #record(record: MiRecord): void {
    if (record.kind === 'prompt') return;
    if (record.kind === 'log') this.#logged ||= record.text;
    if (record.kind === 'result') {
      this.#logged = '';
      this.#result(record.token, record.name, record.values);
    } else if ('text' in record) this.#listener.stream(record.kind, record.text);
    else this.#listener.async(record.kind, record.name, record.values);
  }

  #result(token: number | null, name: string, values: MiTuple): void {
    if (token === null) return;
    const pending = this.#pending.get(token);
    const error = (command: string) => engineErrors.gdb(text(values, 'msg'), command);
    if (!pending) {
      if (name === 'error' && this.#ran?.token === token) this.#ran.fail(error(this.#ran.command));
      return;
    }
    this.#pending.delete(token);
    // An answer that came all the same may be half of one.
    if (pending.cancelled) pending.reject(engineErrors.interrupted());
    else if (name === 'error') this.#reject(pending, error(pending.command));
    else if (name === 'running') pending.resolve({ name, values, failed: this.#failureOf(token, pending) });
    else pending.resolve({ name, values });
  }

  #reject(pending: Pending, error: HawserError): void {
    const explained = this.#listener.explain?.(error);
    if (explained) explained.then((reason) => pending.reject(reason as Error), pending.reject);
    else pending.reject(error);
  }

  #failureOf(token: number, { command }: Pending): Promise<HawserError> {
    return new Promise((resolve) => {
      this.#ran = { token, command, fail: resolve };
    });
  }

  #broken(why: string): void {
    this.#stderr = `${why}\n`;
    this.#chunks = [];
    this.#child.kill('SIGKILL');
  }

  #end(how: string): void {
    const last = this.#stderr.trim().split('\n').at(-1) || this.#logged.split('\n', 1)[0];
    const detail = `${how} ${last}`.trim();
    const died = engineErrors.engineDied(detail);
    this.#dead = this.#listener.endedBy?.() ?? died;
    for (const pending of this.#pending.values()) pending.reject(this.#dead);
    this.#pending.clear();
    if (!this.#closing) this.#listener.died(detail);
  }
}
