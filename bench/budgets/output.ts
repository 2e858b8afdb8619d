import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PlainSide, SessionSide } from '../measure/floods.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave, median } from '../measure/stats.ts';

const FLOOD = { readers: 50, mib: 16 };
const ROUNDS = 7;
const STALLED_ROUNDS = 3;

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function compare(ours: SessionSide, plain: PlainSide, say: (line: string) => void): Promise<Row[]> {
  const terminal = [await ours.debuggee(), await ours.debuggee(), await ours.debuggee()];
  say(`a debuggee that floods, to ${FLOOD.readers} clients: ${median(terminal).toFixed(0)} MiB/s`);
  const all = await interleave(
    ROUNDS,
    2,
    () => ours.flood(),
    () => plain.flood(),
  );
  const stalled = await interleave(
    STALLED_ROUNDS,
    0,
    () => ours.floodWithStalled(),
    () => ours.flood(),
  );
  const unit = (value: number) => `${value.toFixed(0)} MiB/s`;
  return [
    {
      name: 'output',
      what: `text of \`.echo\` to ${FLOOD.readers} clients`,
      ours: unit(all.ours),
      anchor: unit(all.anchor),
      ratio: all.ratio,
      goal: '>= 0.5',
      met: all.ratio >= 0.5,
    },
    {
      name: 'output',
      what: 'the same with a stalled client, against without',
      ours: unit(stalled.ours),
      anchor: unit(stalled.anchor),
      ratio: stalled.ratio,
      goal: '>= 0.95',
      met: stalled.ratio >= 0.95,
    },
  ];
}

export const output: Budget = {
  name: 'output',
  what: `${FLOOD.mib} MiB of text for ${FLOOD.readers} clients, against plain sockets`,
  async run(say) {
    const ours = await SessionSide.open(FLOOD);
    const plain = await PlainSide.open(FLOOD, dial);
    try {
      return await compare(ours, plain, say);
    } finally {
      plain.end();
      await ours.end();
    }
  },
};
