import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GdbBackend } from '../../engine/gdb/backend.ts';
import { PlainMi } from '../measure/mi.ts';
import { memory } from '../measure/programs.ts';
import type { Budget } from '../measure/row.ts';
import { gdbserver, processServer } from '../measure/servers.ts';
import { backendOver, smartClient } from '../measure/smart-client.ts';
import { interleave, timed } from '../measure/stats.ts';

const SIZE = 64 << 20;
const ROUNDS = 5;

const hash = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

/** Runs to where the block is filled. @returns its address */
async function filled(backend: GdbBackend): Promise<bigint> {
  await backend.launch({ program: memory(), args: [] });
  await backend.insertBreakpoint({
    where: { kind: 'symbol', module: null, name: 'ready', offset: 0n },
    oneShot: true,
  });
  await backend.resume({ kind: 'continue', thread: 0 });
  const pointer = await backend.resolveSymbol(null, 'block', null);
  const { bytes } = await backend.readMemory(pointer ?? 0n, 8);
  return Buffer.from(bytes).readBigUInt64LE();
}

/** Both read all of it, into memory there and into a file here; what they read is compared. */
export const stubMemory: Budget = {
  name: 'memory',
  what: '64 MB of memory through a process server, against `dump memory` through gdbserver',
  async run(say) {
    const [here, there] = [await gdbserver(memory()), await processServer()];
    const client = await smartClient(there.port);
    const backend = await backendOver(client);
    const mi = await PlainMi.through(here.port, memory(), 'ready');
    const file = join(tmpdir(), `hawser-bench-memory-${process.pid}`);
    try {
      const address = await filled(backend);
      let read = '';
      const perSecond = async (work: () => Promise<void>) => (64 * 1000) / (await timed(work));
      let before = client.traffic();
      const { ours, anchor, ratio } = await interleave(
        ROUNDS,
        1,
        () => {
          before = client.traffic();
          return perSecond(async () => {
            const block = await backend.readMemory(address, SIZE);
            if (block.readable !== null) throw new Error('not all of it could be read');
            read = block.bytes.length === SIZE ? hash(block.bytes.subarray(0, 1 << 20)) : 'short';
          });
        },
        () =>
          perSecond(async () => void (await mi.console(`dump binary memory ${file} block block+${SIZE}`))),
      );
      const dumped = readFileSync(file);
      if (dumped.length !== SIZE || hash(dumped.subarray(0, 1 << 20)) !== read)
        throw new Error('they read different bytes');
      const { roundTrips, packets } = client.traffic();
      say(
        `${roundTrips - before.roundTrips} round trips and ${packets - before.packets} packets for one reading`,
      );
      return [
        {
          name: 'memory',
          what: '64 MB of memory through a process server',
          ours: `${ours.toFixed(0)} MiB/s`,
          anchor: `${anchor.toFixed(0)} MiB/s`,
          ratio,
          goal: '>= 0.95',
          met: ratio >= 0.95,
        },
      ];
    } finally {
      rmSync(file, { force: true });
      mi.end();
      await backend.dispose();
      await client.stub.close();
      await Promise.all([here.end(), there.end()]);
    }
  },
};
