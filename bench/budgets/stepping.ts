import { type Front, localFront, stubFront } from '../measure/fronts.ts';
import { PlainMi } from '../measure/mi.ts';
import { steady } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { gdbserver, processServer } from '../measure/servers.ts';
import { smartClient } from '../measure/smart-client.ts';
import { interleave, timed } from '../measure/stats.ts';

const STEPS = 1000;

interface Compared {
  readonly ours: number;
  readonly anchor: number;
  readonly ratio: number;
}

function row(name: string, what: string, { ours, anchor, ratio }: Compared, goal = 0.9): Row {
  return {
    name,
    what,
    ours: `${ours.toFixed(0)}/s`,
    anchor: `${anchor.toFixed(0)}/s`,
    ratio,
    goal: `>= ${goal}`,
    met: ratio >= goal,
  };
}

const perSecond = async (work: () => Promise<unknown>) => (STEPS * 1000) / (await timed(work));

type Compare = (run: Front['run'], mi: PlainMi) => Promise<Row>;

/** A local session and a bare GDB, both at the same place of the same program. */
async function both(compare: Compare): Promise<Row> {
  const front = await localFront(steady());
  const mi = await PlainMi.at(steady(), 'work');
  try {
    await front.run('g steady!work');
    return await compare(front.run, mi);
  } finally {
    mi.end();
    await front.end();
  }
}

/** A session through a process server, and a bare GDB through gdbserver. */
async function bothThrough(compare: Compare): Promise<Row> {
  const server = await processServer();
  const plain = await gdbserver(steady());
  const client = await smartClient(server.port);
  const front = await stubFront(client.stub, steady());
  const mi = await PlainMi.through(plain.port, steady(), 'work');
  try {
    await front.run('g steady!work');
    return await compare(front.run, mi);
  } finally {
    mi.end();
    await front.end();
    await client.stub.close();
    await Promise.all([server.end(), plain.end()]);
  }
}

const oneByOne: (run: Front['run'], mi: PlainMi) => Promise<Compared> = (run, mi) =>
  interleave(
    5,
    1,
    () =>
      perSecond(async () => {
        for (let step = 0; step < STEPS; step++) await run('t');
      }),
    () =>
      perSecond(async () => {
        for (let step = 0; step < STEPS; step++) await mi.resume('-exec-step-instruction');
      }),
  );

const atOnce: (run: Front['run'], mi: PlainMi) => Promise<Compared> = (run, mi) =>
  interleave(
    9,
    2,
    () => perSecond(() => run(`t 0n${STEPS}`)),
    () => perSecond(() => mi.resume(`-interpreter-exec console "stepi ${STEPS}"`)),
  );

export const stepping: Budget = {
  name: 'stepping',
  what: '1,000 `t`, one by one, against -exec-step-instruction',
  run: async () => [
    await both(async (run, mi) => row('stepping', '1,000 `t` one by one, local', await oneByOne(run, mi))),
    await bothThrough(async (run, mi) =>
      row('stepping', '1,000 `t` one by one, process server', await oneByOne(run, mi)),
    ),
  ],
};

export const recording: Budget = {
  name: 'recording',
  what: '`t 0n1000`, registers at every step, against `stepi 1000`',
  run: async () => [
    await both(async (run, mi) =>
      row('recording', '`t 0n1000` with registers, local', await atOnce(run, mi)),
    ),
    await bothThrough(async (run, mi) =>
      row('recording', '`t 0n1000` with registers, process server', await atOnce(run, mi), 0.85),
    ),
  ],
};
