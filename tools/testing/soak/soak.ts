import { Crowd } from './crowd.ts';
import { type House, openHouse } from './doors.ts';
import { MemoryCourse, usageOf } from './usage.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly clients: number;
  readonly commanders: number;
  /** A line for people, now and then. */
  readonly say?: (line: string) => void;
}

export interface SoakResult {
  readonly events: number;
  /** Of output, to each client. */
  readonly mib: number;
  readonly lines: number;
  readonly commands: number;
  readonly counts: Crowd['counts'];
  /** Empty: all that must hold held. */
  readonly faults: readonly string[];
  readonly handles: { readonly before: number; readonly after: number };
  readonly memory: MemoryCourse;
  readonly delivery: Crowd['delivery'];
  readonly answers: Crowd['commands'];
}

const SAMPLE_MS = 500;
const INCIDENT_MS = 60;
/** Files of the log's spool may have been opened meanwhile. */
const MORE_HANDLES = 8;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** All have joined and none is away: handles are those of so many clients. */
async function steadyHandles(pid: number, wanted: (handles: number) => boolean): Promise<number> {
  let handles = usageOf(pid).handles;
  // What has just closed is closed a moment later.
  for (let tries = 0; tries < 100 && !wanted(handles); tries++) {
    await pause(100);
    handles = usageOf(pid).handles;
  }
  return handles;
}

async function live(house: House, crowd: Crowd, options: SoakOptions, memory: MemoryCourse): Promise<void> {
  const { pid } = house.server;
  const began = performance.now();
  const second = () => (performance.now() - began) / 1000;
  const incidents = setInterval(() => crowd.incident(), INCIDENT_MS);
  const samples = setInterval(() => memory.add(second(), usageOf(pid).kib), SAMPLE_MS);
  const words = setInterval(() => {
    const { kib, handles } = usageOf(pid);
    const gdb = usageOf(house.server.gdb).kib / 1024;
    options.say?.(
      `${second().toFixed(0)} s: ${crowd.reference.last} events, ${crowd.lines.last} lines, ${crowd.commandsGiven} commands; ` +
        `server ${(kib / 1024).toFixed(0)} MiB, ${handles} handles; GDB ${gdb.toFixed(0)} MiB; faults ${crowd.faults.length}`,
    );
  }, 10_000);
  try {
    while (second() < options.seconds && !house.server.over) await pause(100);
    if (house.server.over) crowd.faults.push('the server ended');
  } finally {
    for (const timer of [incidents, samples, words]) clearInterval(timer);
  }
}

/** A session with many clients on all transports, its output without pause, and everything that clients do. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const house = await openHouse();
  try {
    const { pid } = house.server;
    const crowd = new Crowd();
    const memory = new MemoryCourse();
    await crowd.gather(house.doors, options.clients, options.commanders);
    const before = usageOf(pid).handles;
    options.say?.(`${crowd.size} clients by ${house.doors.map(({ name }) => name).join(', ')}`);
    crowd.command();
    await live(house, crowd, options, memory);
    await crowd.settle();
    const after = await steadyHandles(pid, (handles) => handles <= before + MORE_HANDLES);
    if (after > before + MORE_HANDLES) crowd.faults.push(`${before} file handles have become ${after}`);
    await crowd.leave();
    return {
      events: crowd.reference.last,
      mib: crowd.lines.characters / 2 ** 20,
      lines: crowd.lines.last,
      commands: crowd.commandsGiven,
      counts: crowd.counts,
      faults: crowd.faults,
      handles: { before, after },
      memory,
      delivery: crowd.delivery,
      answers: crowd.commands,
    };
  } finally {
    await house.close();
  }
}
