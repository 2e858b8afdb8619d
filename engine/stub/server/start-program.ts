import { type ChildProcess, spawn } from 'node:child_process';
import { engineErrors } from '../../errors.ts';
import { checkProgram } from '../../machine/program.ts';
import { encodePacket, type RspPacket, RspReader, textOf } from '../rsp/packets.ts';

/** How long a program may take to begin, milliseconds. */
const BEGIN_MS = 20_000;

/**
 * Starts a program that nobody debugs (`dbgsrv -c`), in a session of its own: it outlives this one.
 * @returns its process id
 * @throws HawserError `PROGRAM_NOT_FOUND`, `PROGRAM_NOT_EXECUTABLE`
 */
export async function startProgram(program: string, args: readonly string[]): Promise<number> {
  const path = checkProgram(program, process.cwd(), process.env.PATH ?? '');
  const child = spawn(path, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  return pidOf(child, program);
}

/**
 * As {@link startProgram}, suspended at its first instruction (`-cs`): until somebody attaches and lets it go on, or sends
 * SIGCONT. A shell stops itself; a gdbserver lets it become the program, and leaves it with a SIGSTOP that waits.
 */
export async function startSuspended(
  gdbserver: string,
  program: string,
  args: readonly string[],
): Promise<number> {
  const path = checkProgram(program, process.cwd(), process.env.PATH ?? '');
  // Started by us and not by gdbserver, with whose end its process group would be orphaned: that wakes what is stopped.
  const child = spawn('/bin/sh', ['-c', 'kill -STOP $$; exec "$@"', 'sh', path, ...args], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pid = await pidOf(child, program);
  const stub = new Talk(gdbserver);
  try {
    await stub.ask('qSupported:multiprocess+;exec-events+');
    await stub.ask('!');
    const attached = await stub.ask(`vAttach;${pid.toString(16)}`);
    if (!attached.startsWith('T')) throw engineErrors.programNotExecutable(program, 'it could not be held');
    // The shell's own SIGSTOP may still be on its way.
    let stop = '';
    do stop = await stub.ask('vCont;c');
    while (stop.startsWith('T') && !stop.includes('exec:'));
    if (!stop.startsWith('T'))
      throw engineErrors.programNotExecutable(program, 'it ended before its first instruction');
    process.kill(pid, 'SIGSTOP');
    await stub.ask(`D;${pid.toString(16)}`);
    return pid;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    stub.end();
  }
}

function pidOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(engineErrors.programNotExecutable(program, error.message)));
    child.once('spawn', () => {
      child.unref();
      resolve(child.pid ?? 0);
    });
  });
}

/** A gdbserver, a request at a time. */
class Talk {
  readonly #child: ChildProcess;
  readonly #reader = new RspReader();
  #answered: (text: string) => void = () => undefined;

  constructor(gdbserver: string) {
    this.#child = spawn(gdbserver, ['--multi', '-'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    this.#child.on('error', () => this.#answered(''));
    this.#child.on('close', () => this.#answered(''));
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) =>
      this.#reader.push(chunk, (item) => {
        if (item.kind !== 'packet') return;
        this.#child.stdin?.write('+');
        const text = textOf(item as RspPacket);
        if (!/^O[0-9a-f]/i.test(text)) this.#answered(text);
      }),
    );
  }

  /** @returns '' when it has ended, or does not answer */
  ask(body: string): Promise<string> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(''), BEGIN_MS);
      this.#answered = (text) => {
        clearTimeout(timer);
        resolve(text);
      };
      this.#child.stdin?.write(encodePacket(body));
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
