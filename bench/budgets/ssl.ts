import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { ownStores, putCertificate } from '../../transports/testing/certificates.ts';
import { PlainSide, SessionSide } from '../measure/floods.ts';
import type { Budget } from '../measure/row.ts';
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

export const ssl: Budget = {
  name: 'ssl',
  what: `${FLOOD.mib} MiB of text for ${FLOOD.readers} clients through ssl, against Node's own TLS sockets`,
  async run() {
    const before = process.env.XDG_DATA_HOME;
    const stores = ownStores();
    const { certificateFile, keyFile } = await putCertificate({ subject: 'bench', bits: 3072 });
    const ours = await SessionSide.open(FLOOD, 'ssl:proto=tls1.3,certuser=bench');
    const plain = await PlainSide.open(FLOOD, dial, [certificateFile, keyFile]);
    const unit = (value: number) => `${value.toFixed(0)} MiB/s`;
    try {
      const { ratio, ...rates } = await interleave(
        ROUNDS,
        2,
        () => ours.flood(),
        () => plain.flood(),
      );
      return [
        {
          name: 'ssl',
          what: `text of \`.echo\` to ${FLOOD.readers} clients through ssl`,
          ours: unit(rates.ours),
          anchor: unit(rates.anchor),
          ratio,
          goal: `>= ${GOAL}`,
          met: ratio >= GOAL,
        },
      ];
    } finally {
      plain.end();
      await ours.end();
      stores.remove();
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
    }
  },
};
