import { localFront } from '../measure/fronts.ts';
import { PlainMi } from '../measure/mi.ts';
import { steady } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave, timed } from '../measure/stats.ts';

const STEPS = 1000;

function row(
  name: string,
  what: string,
  { ours, anchor, ratio }: { ours: number; anchor: number; ratio: number },
): Row {
  return {
    name,
    what,
    ours: `${ours.toFixed(0)}/s`,
    anchor: `${anchor.toFixed(0)}/s`,
    ratio,
    goal: '>= 0.9',
    met: ratio >= 0.9,
  };
}

const perSecond = async (work: () => Promise<unknown>) => (STEPS * 1000) / (await timed(work));

/** A local session and a bare GDB, both at the same place of the same program. */
async function both(
  compare: (run: (line: string) => Promise<void>, mi: PlainMi) => Promise<Row>,
): Promise<Row> {
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

export const stepping: Budget = {
  name: 'stepping',
  what: '1,000 `t`, one by one, against -exec-step-instruction',
  run: async () => [
    await both(async (run, mi) =>
      row(
        'stepping',
        '1,000 `t` one by one, local',
        await interleave(
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
        ),
      ),
    ),
  ],
};

export const recording: Budget = {
  name: 'recording',
  what: '`t 0n1000`, registers at every step, against `stepi 1000`',
  run: async () => [
    await both(async (run, mi) =>
      row(
        'recording',
        '`t 0n1000` with registers, local',
        await interleave(
          9,
          2,
          () => perSecond(() => run(`t 0n${STEPS}`)),
          () => perSecond(() => mi.resume(`-interpreter-exec console "stepi ${STEPS}"`)),
        ),
      ),
    ),
  ],
};
