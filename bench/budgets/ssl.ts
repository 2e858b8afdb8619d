import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { ownStores, putCertificate } from '../../transports/testing/certificates.ts';
import { PlainSide, SessionSide } from '../measure/floods.ts';
import { FramesSide } from '../measure/frames.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave } from '../measure/stats.ts';

const FLOOD = { readers: 8, mib: 32 };
const ROUNDS = 7;
const GOAL = 0.8;

async function dial(port: number): Promise<Socket> {
  // The anchor is nobody's secret.
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}

const TRANSPORT = 'ssl:proto=tls1.3,certuser=bench';

/** A row for one side against the anchor, the two taking turns. */
async function row(what: string, side: { flood(): Promise<number> }, plain: PlainSide): Promise<Row> {
  const unit = (value: number) => `${value.toFixed(0)} MiB/s`;
  const { ratio, ours, anchor } = await interleave(
    ROUNDS,
    2,
    () => side.flood(),
    () => plain.flood(),
  );
  const met = ratio >= GOAL;
  return { name: 'ssl', what, ours: unit(ours), anchor: unit(anchor), ratio, goal: `>= ${GOAL}`, met };
}

export const ssl: Budget = {
  name: 'ssl',
  what: `${FLOOD.mib} MiB for ${FLOOD.readers} clients through ssl, against Node's own TLS sockets`,
  async run() {
    const before = process.env.XDG_DATA_HOME;
    const stores = ownStores();
    const { certificateFile, keyFile } = await putCertificate({ subject: 'bench', bits: 3072 });
    const frames = await FramesSide.open(FLOOD, `${TRANSPORT},`);
    const session = await SessionSide.open(FLOOD, TRANSPORT);
    const plain = await PlainSide.open(FLOOD, dial, [certificateFile, keyFile]);
    try {
      return [
        await row(`frames to ${FLOOD.readers} ends of ssl connections`, frames, plain),
        await row(`text of \`.echo\` to ${FLOOD.readers} clients through ssl`, session, plain),
      ];
    } finally {
      plain.end();
      frames.end();
      await session.end();
      stores.remove();
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
    }
  },
};
