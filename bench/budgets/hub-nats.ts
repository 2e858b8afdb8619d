import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { HubCluster } from '../../tools/testing/hub-cluster.ts';
import { BATCH, batch, LINE_BYTES, openSessions, pause, sendLines, usage } from '../measure/hub-load.ts';
import type { Budget } from '../measure/row.ts';

const SESSIONS = 200;
/** Opened before anything is measured, so that the programs have grown to their size. */
const FIRST = 100;
const LINES = 40_000;
/** Open sessions of one host, at most. */
const PER_HOST = 100;
/** Beside publishing there is TLS, the relay, and clients on the same processors. */
const GOAL = 0.05;

interface Kept {
  readonly streams: number;
  readonly consumers: number;
  readonly messages: number;
  readonly bytes: number;
}

/** In all streams, on one replica. */
async function kept(jsm: JetStreamManager): Promise<Kept> {
  let [streams, consumers, messages, bytes] = [0, 0, 0, 0];
  for await (const { state } of jsm.streams.list()) {
    streams++;
    consumers += state.consumer_count;
    messages += state.messages;
    bytes += state.bytes;
  }
  return { streams, consumers, messages, bytes };
}

/** The same batches as plain messages, by one connection, as many at once as there are sessions. @returns lines a second */
async function plainPublishing(nc: NatsConnection, jsm: JetStreamManager): Promise<number> {
  await jsm.streams.add({ name: 'PLAIN', subjects: ['plain.*'], num_replicas: 3 });
  const js = jetstream(nc);
  const text = JSON.stringify(batch(1));
  const each = LINES / BATCH / SESSIONS;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: SESSIONS }, async (_, index) => {
      for (let count = 0; count < each; count++)
        await js.publish(`plain.${index}`, text, { timeout: 60_000 });
    }),
  );
  const took = performance.now() - began;
  await jsm.streams.delete('PLAIN');
  return Math.round((LINES * 1000) / took);
}

const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;

/** What a session costs hubs and servers on three NATS servers, idle and printing. */
export const hubNats: Budget = {
  name: 'hub-nats',
  what: `lines a second through two hubs on three NATS servers, ${SESSIONS} sessions with a viewer, against plain publishing`,
  async run(say) {
    const cluster = await HubCluster.start(2);
    const nc = await connect({ servers: [...cluster.nats.urls] });
    try {
      const jsm = await jetstreamManager(nc, { timeout: 30_000 });
      const hubs = [cluster.pidOf(0), cluster.pidOf(1)];
      const servers = cluster.nats.servers.map(({ pid }) => pid ?? 0);
      const memory = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + usage(pid).memory, 0);
      const person = (index: number) => cluster.person(`host${Math.floor(index / PER_HOST)}`);
      const connectAgent = (token?: string) => cluster.connect(token);
      const bare = await kept(jsm);
      await openSessions(FIRST, (index) => person(SESSIONS + index), connectAgent);
      for (let index = 0; index < SESSIONS; index += PER_HOST) await person(index);
      await pause(3000);
      const before = { hubs: memory(hubs), servers: memory(servers), kept: await kept(jsm) };
      const sessions = await openSessions(SESSIONS, person, connectAgent);
      await pause(3000);
      const idle = await kept(jsm);
      say(
        `an idle session (agent and one viewer) in the hubs: ${kib((memory(hubs) - before.hubs) / SESSIONS)}`,
      );
      say(
        `in a NATS server: ${kib((memory(servers) - before.servers) / SESSIONS / servers.length)} of memory; kept on each replica: ${((idle.messages - before.kept.messages) / SESSIONS).toFixed(1)} messages, ${Math.round((idle.bytes - before.kept.bytes) / SESSIONS)} bytes`,
      );
      say(
        `streams: ${bare.streams} without a session, ${idle.streams} with ${FIRST + SESSIONS}; consumers: ${bare.consumers}, ${idle.consumers}`,
      );
      const { perSecond, cpu } = await sendLines(LINES, [...hubs, ...servers], sessions);
      const full = await kept(jsm);
      const sum = (from: number, to?: number) => cpu.slice(from, to).reduce((all, each) => all + each, 0);
      say(
        `${LINES} lines in batches of ${BATCH}, kept three times and relayed: ${perSecond} lines a second; processor a line: hubs ${sum(0, 2)} µs, servers ${sum(2)} µs together`,
      );
      say(
        `kept a line of ${LINE_BYTES} bytes: ${((full.bytes - idle.bytes) / LINES).toFixed(0)} bytes on each replica`,
      );
      const plain = await plainPublishing(nc, jsm);
      const ratio = perSecond / plain;
      return [
        {
          name: 'hub-nats',
          what: 'lines through hubs on three NATS servers, in batches of 20',
          ours: `${perSecond}/s`,
          anchor: `${plain}/s`,
          ratio,
          goal: `>= ${GOAL}`,
          met: ratio >= GOAL,
        },
      ];
    } finally {
      await nc.close();
      await cluster.dispose();
    }
  },
};
