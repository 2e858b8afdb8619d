import type { PacketFollower } from './follower.ts';
import { isHalted, isSuspended, isToBeSuspended, traceesOf } from './tracees.ts';

/** What is asked of a stub in the debugger's place. */
export interface StubRequester {
  readonly follower: PacketFollower;
  readonly pid: number;
  /** Those that were stopped (SIGSTOP) when they were attached to, and have not been resumed since. */
  readonly suspended: ReadonlySet<number>;
  /** Those that were, and have. */
  readonly woken: ReadonlySet<number>;
  /** @returns the answer's body; null: none came in time */
  ask(body: string, ms: number): Promise<string | null>;
  /** Whether the stub has answered all that it was asked, soon. */
  answered(ms: number): Promise<boolean>;
  breakIn(): void;
}

/** All signals but SIGINT, SIGTRAP and SIGSTOP (GDB's numbers): those are our own break-ins, not the program's. */
const PROGRAM_SIGNALS = `QProgramSignals:${Array.from({ length: 0x2f }, (_, index) => index + 1)
  .filter((signal) => ![2, 5, 17].includes(signal))
  .map((signal) => signal.toString(16))
  .join(';')}`;

/** Bodies of the packets that take out all that is inserted. */
export function freeing({ inserted }: PacketFollower): readonly string[] {
  const bodies = [PROGRAM_SIGNALS];
  for (const { process, what } of inserted) {
    if (process !== '') bodies.push(`Hg${process}-1`);
    bodies.push(`z${what}`);
  }
  return bodies;
}

/** How long a stub may take for one answer, milliseconds. */
const ANSWER_MS = 10_000;
/** How long a target may take to stop: one that waits for a disk cannot. */
const STOP_MS = 5_000;

/**
 * Detaches all that a gdbserver holds, in the debugger's place: stops what runs, takes out what is inserted, lets it run on.
 * @param before called once where something is held, before it is detached
 * @returns false where something is still held
 */
export async function letGo(stub: StubRequester, before: () => void): Promise<boolean> {
  const held = await traceesOf(stub.pid);
  if (held.length === 0) return true;
  before();
  const stopped = await stop(stub, held);
  for (const body of freeing(stub.follower)) await stub.ask(body, ANSWER_MS);
  for (const pid of held) {
    const detach = stub.follower.multiprocess ? `D;${pid.toString(16)}` : 'D';
    await stub.ask(detach, ANSWER_MS);
    const ours = stopped.has(pid) && (isSuspended(pid) || isToBeSuspended(pid));
    if (ours || stub.woken.has(pid)) signal(pid, 'SIGCONT');
  }
  return (await traceesOf(stub.pid)).length === 0;
}

/** How often a target is looked at that has been told to run and does not yet, milliseconds. */
const LOOK_MS = 20;

/**
 * With SIGSTOP, which no program can block or be killed by, as SIGINT is. What was asked last may resume the target only
 * when the stub has come to it, and what was told to run may still stand for a moment, on a busy machine for long: the
 * SIGSTOP is sent once it runs. @returns those that got it
 */
async function stop(stub: StubRequester, held: readonly number[]): Promise<ReadonlySet<number>> {
  const sent = new Set<number>();
  const end = performance.now() + STOP_MS;
  while (sent.size === 0 && performance.now() < end) {
    const running = stub.follower.running ? held.find((pid) => !isHalted(pid)) : undefined;
    if (running !== undefined) {
      sent.add(running);
      signal(running, 'SIGSTOP');
    } else if (await stub.answered(LOOK_MS)) return sent;
  }
  if (await stub.answered(STOP_MS)) return sent;
  stub.breakIn();
  await stub.answered(STOP_MS);
  return sent;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
