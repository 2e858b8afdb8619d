import type { GdbBackend } from '../../engine/gdb/backend.ts';
import { steady } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { longLine, processServer } from '../measure/servers.ts';
import { backendOver, type SmartClient, smartClient } from '../measure/smart-client.ts';
import { median, timed } from '../measure/stats.ts';

const ROUNDS = 9;
const LATENCIES = [0, 50, 200];

const REGISTERS = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rip', 'rsp', 'rbp', 'eflags', 'fs_base'];

/** What all windows show after a stop, in the order in which they would ask. */
export function refresh(backend: GdbBackend, each = (_name: string) => {}) {
  const context = { thread: 0, frame: 0 };
  return async () => {
    const registers = await backend.registers(context, REGISTERS);
    each('registers');
    const frames = await backend.frames(0, 20);
    each('frames');
    await backend.symbolize(frames.map(({ address }) => address));
    each('symbols');
    await backend.locals(context);
    each('locals');
    await backend.disassemble(registers.get('rip') ?? 0n, 20);
    each('disassembly');
    await backend.readMemory(registers.get('rsp') ?? 0n, 256);
    each('memory');
    await backend.threads();
    each('threads');
    await backend.modules();
    each('modules');
  };
}

/** Runs the steady program to where it works. */
export async function toWork(backend: GdbBackend): Promise<void> {
  await backend.launch({ program: steady(), args: [] });
  await backend.insertBreakpoint({
    where: { kind: 'symbol', module: null, name: 'mix', offset: 0n },
    oneShot: true,
  });
  await backend.resume({ kind: 'continue', thread: 0 });
}

async function measure(port: number, latency: number, say: (line: string) => void): Promise<Row[]> {
  const line = latency === 0 ? null : await longLine(port, latency);
  const client = await smartClient(line?.port ?? port);
  const backend = await backendOver(client);
  try {
    await toWork(backend);
    await refresh(backend)();
    const step = () => backend.resume({ kind: 'stepInstruction', thread: 0 });
    await step();
    let before = client.traffic().roundTrips;
    const cost: string[] = [];
    await refresh(backend, (name) => {
      const now = client.traffic().roundTrips;
      cost.push(`${name} ${now - before}`);
      before = now;
    })();
    say(`${latency} ms: round trips of a refresh: ${cost.join(', ')}`);
    return [
      await row('a step', latency, client, async () => void (await step())),
      await row(
        'a refresh of all windows after it',
        latency,
        client,
        refresh(backend),
        async () => void (await step()),
      ),
    ];
  } finally {
    await backend.dispose();
    await client.stub.close();
    line?.end();
  }
}

async function row(
  what: string,
  latency: number,
  client: SmartClient,
  work: () => Promise<void>,
  before?: () => Promise<void>,
): Promise<Row> {
  const times: number[] = [];
  const trips: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    await before?.();
    const began = client.traffic().roundTrips;
    const time = await timed(work);
    if (round < 0) continue;
    times.push(time);
    trips.push(client.traffic().roundTrips - began);
  }
  const count = median(trips);
  const time = median(times);
  // Without latency what counts is how often somebody waited; with it, how long, in round trips of the line.
  const ratio = latency === 0 ? count : time / latency;
  return {
    name: 'latency',
    what: `${what}, ${latency} ms of latency`,
    ours: `${count} trips, ${time.toFixed(0)} ms`,
    anchor: `${latency} ms`,
    ratio,
    goal: latency === 0 ? '<= 1 trip' : '<= 1.2',
    met: latency === 0 ? ratio <= 1 : ratio <= 1.2,
  };
}

export const latency: Budget = {
  name: 'latency',
  what: 'a step, and all windows after it, on a link with latency, against one round trip',
  async run(say) {
    const server = await processServer();
    try {
      const rows: Row[] = [];
      for (const latency of LATENCIES) rows.push(...(await measure(server.port, latency, say)));
      return rows;
    } finally {
      await server.end();
    }
  },
};
