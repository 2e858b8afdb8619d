import type { TargetSpec } from '../../engine/commands/host.ts';
import { processNamed } from '../../engine/commands/systems/process-named.ts';
import { thisMachine } from '../../engine/commands/systems/this-machine.ts';
import { throughStub } from '../../engine/commands/systems/through-stub.ts';
import { splitArguments } from '../../engine/format/arguments.ts';
import type { Machine } from '../../engine/machine/machine.ts';
import { connectStub } from '../../engine/stub/connect.ts';
import { stubErrors } from '../../engine/stub/errors.ts';
import type { Stub } from '../../engine/stub/stub.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { DebuggerArguments, WantedTarget } from './debugger-options.ts';
import { UsageError } from './options.ts';
import { askPassword, givenPassword } from './password.ts';
import { version } from './version.ts';

export const NOTHING_TO_DEBUG =
  'Nothing to debug: give a program, -p PID, -pn NAME or -z CORE, or join with -remote.';

const NOTHING_BEHIND =
  'Nothing to debug behind the process server: give a program, -p PID or -pn NAME, or take its own with -cimp.';

/** What the command line wants debugged, and the stub that it is reached through: whoever asks closes it. */
export interface Reached {
  readonly target: TargetSpec;
  readonly stub: Stub | null;
}

/**
 * Finds the target: connects to the process server of `-premote`, looks for the process of `-pn`.
 * @throws UsageError, HawserError
 */
export async function reachTarget(args: DebuggerArguments): Promise<Reached> {
  const { premote } = args;
  if (premote === undefined) {
    if (!args.target) throw new UsageError(NOTHING_TO_DEBUG);
    return { target: await named(args.target, args, thisMachine), stub: null };
  }
  // Only a bare stub may have a process of its own.
  if (!args.target && !args.implicit && !/^\s*gdb:/i.test(premote)) throw new UsageError(NOTHING_BEHIND);
  const stub = await connect(premote, args.passwordFile);
  try {
    const target = throughStub(await wanted(args, stub), stub);
    const { image } = args;
    return { target: target.kind === 'stub' && image !== undefined ? { ...target, image } : target, stub };
  } catch (error) {
    await stub.close();
    throw error;
  }
}

type Live = Extract<WantedTarget, { kind: 'launch' | 'attach' }>;

async function wanted(args: DebuggerArguments, stub: Stub): Promise<Live | null> {
  if (args.implicit) {
    const [program, ...words] = splitArguments(stub.implicitCommandLine ?? '');
    if (program === undefined) throw stubErrors.noImplicitCommandLine(stub.connection);
    return { kind: 'launch', program, args: words };
  }
  if (!args.target || args.target.kind === 'core') return null;
  // Told by throughStub; the name need not be looked for.
  if (stub.hasProcess) return args.target;
  return named(args.target, args, () => stub.machine);
}

async function named<T extends WantedTarget>(
  target: T,
  { processName }: DebuggerArguments,
  machine: () => Machine,
): Promise<T> {
  return processName === undefined ? target : { ...target, pid: await processNamed(machine(), processName) };
}

/** Ctrl+C gives up. */
async function connect(connection: string, passwordFile: string | undefined): Promise<Stub> {
  const password = await givenPassword(passwordFile);
  const cancel = new AbortController();
  const interrupted = () => cancel.abort(connectionErrors.cancelled());
  process.once('SIGINT', interrupted);
  try {
    return await connectStub(connection, {
      program: 'hawser cdb',
      version,
      signal: cancel.signal,
      getPassword: async (signal) => password ?? askPassword(signal),
      notice: (text) => void process.stderr.write(`${text}\n`),
      backslashes: 'strip',
    });
  } finally {
    process.off('SIGINT', interrupted);
  }
}
