import type { ViewQuery } from '../../engine/protocol/views.ts';
import { type Front, localFront } from '../measure/fronts.ts';
import { PlainMi } from '../measure/mi.ts';
import { steady } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave, timed } from '../measure/stats.ts';

const STEPS = 30;

/** What Registers, Call Stack, Locals and Disassembly ask for, as they do. */
const FOUR: readonly ViewQuery[] = [
  { view: 'registers', groups: ['General', 'Flags'] },
  { view: 'stack', limit: 256, parameters: false },
  { view: 'locals', open: [] },
  { view: 'disassembly', at: '', before: 60, after: 120 },
];

const FOUR_MI = [
  '-data-list-register-values x',
  '-stack-list-frames',
  '-stack-list-variables --simple-values',
  '-data-disassemble -a $pc -- 2',
];

async function views({ client }: Front, queries: readonly ViewQuery[]): Promise<void> {
  for (;;) {
    const { status, answers } = await client.request('session/views', { queries });
    if (status === 'stale') continue;
    if (status !== 'answered' || answers.some(({ ok }) => !ok)) throw new Error(`the views are ${status}`);
    return;
  }
}

interface Ends {
  readonly front: Front;
  readonly mi: PlainMi;
}

/** Both at the beginning of a function of the same program. */
async function both(program: string, place: string, measure: (ends: Ends) => Promise<Row>): Promise<Row> {
  const front = await localFront(program);
  const mi = await PlainMi.at(program, place);
  try {
    await front.run(`g ${program.slice(program.lastIndexOf('/') + 1)}!${place}`);
    return await measure({ front, mi });
  } finally {
    mi.end();
    await front.end();
  }
}

async function stepping({ front, mi }: Ends): Promise<Row> {
  const rate = async (step: () => Promise<void>) =>
    (STEPS * 1000) /
    (await timed(async () => {
      for (let at = 0; at < STEPS; at++) await step();
    }));
  const { ours, anchor, ratio } = await interleave(
    5,
    1,
    () =>
      rate(async () => {
        await front.run('t');
        await views(front, FOUR);
      }),
    () =>
      rate(async () => {
        await mi.resume('-exec-step-instruction');
        for (const command of FOUR_MI) await mi.send(command);
      }),
  );
  return {
    name: 'windows',
    what: '`t` with what four windows ask for after each',
    ours: `${ours.toFixed(0)}/s`,
    anchor: `${anchor.toFixed(0)}/s`,
    ratio,
    goal: '>= 0.5, 30/s',
    met: ratio >= 0.5 && ours >= 30,
  };
}

export const windows: Budget = {
  name: 'windows',
  what: 'steps with what four windows ask for, against the same asked of GDB/MI',
  run: async () => [await both(steady(), 'work', stepping)],
};
