import { afterAll, beforeAll, expect, it } from 'vitest';
import { compile } from '../../engine/gdb/testing/programs.ts';
import { Layout } from '../../hub/store/nats/layout.ts';
import { natsDefaults } from '../../hub/store/nats/settings.ts';
import { Fleet, type FleetSession } from '../testing/hosted-fleet.ts';
import { alive, ownFolders } from '../testing/hosting.ts';
import { HubCluster } from '../testing/hub-cluster.ts';
import type { Follower } from '../testing/streaming.ts';

/** What an ordinary run needs to see it, and what was asked for. */
const { SESSIONS, DEBUGGERS, PACE, PRINTED, ROUNDS } = process.env.HAWSER_FULL
  ? { SESSIONS: 200, DEBUGGERS: 6, PACE: 400, PRINTED: 4000, ROUNDS: 2 }
  : { SESSIONS: 12, DEBUGGERS: 2, PACE: 25, PRINTED: 500, ROUNDS: 1 };
const PATIENCE = { timeout: 300_000 };

let folders: Awaited<ReturnType<typeof ownFolders>>;
let cluster: HubCluster;
let fleet: Fleet;
beforeAll(async () => {
  folders = await ownFolders();
  cluster = await HubCluster.start(2);
  fleet = new Fleet(cluster, folders.folder);
}, 300_000);
afterAll(async () => {
  fleet?.dispose();
  await cluster?.dispose();
  await folders.remove();
});

/** Prints a line every so often, and ends. */
const printer = () =>
  compile(
    'printer.c',
    `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; i <= atoi(argv[1]); i++) { printf("line %d of the program\\n", i); usleep(15000); }
  return 0;
}
`,
    ['-g', '-O0'],
  ).path;

const printed = (text: string) =>
  [...text.matchAll(/line (\d+) of the program\r/g)].map(([, n]) => Number(n));
const received = (all: readonly FleetSession[]) =>
  all.flatMap(({ followers }) => followers).reduce((sum, { got }) => sum + got.entries, 0);

it(`${SESSIONS} sessions stream while NATS servers and hubs are killed: every client ends with the same bytes as the host`, async () => {
  const streams = await inTurns(SESSIONS - DEBUGGERS, 16, () => fleet.streaming(PACE));
  const debugged = await inTurns(DEBUGGERS, 2, (index) =>
    index % 2 === 0
      ? fleet.debugging('gdb', `-q -nx --args "${printer()}" ${PRINTED}`)
      : fleet.debugging('cdb', `"${printer()}" ${PRINTED}`),
  );
  const all = [...streams, ...debugged];
  say(`${all.length} sessions, ${cluster.connections} connections of the test's, ${DEBUGGERS} agents`);

  let going = true;
  const streaming = streams.map(({ streamer }) => streamer?.stream(() => going, 20));
  for (const { followers } of debugged) await order(followers[0], ['run', 'g']);
  await expect.poll(still(all), PATIENCE).toEqual([]);
  for (let round = 0; round < ROUNDS; round++) await killAndStart(all, round);
  going = false;
  await Promise.all(streaming);
  for (const { followers } of debugged) {
    await expect.poll(() => printed(followers[0]?.text ?? '').length, PATIENCE).toBe(PRINTED);
    await order(followers[0], ['quit', 'q']);
  }
  await Promise.all(streams.map(({ streamer }) => streamer?.end()));
  say('everything is sent');

  const late = await inTurns(Math.min(all.length, 10), 4, (index) =>
    fleet.latecomer(all[index] as FleetSession),
  );
  for (const [index, session] of all.entries()) await compare(session, late.slice(index, index + 1));
  say(`every client has the same: ${received(all)} entries, ${ending(all)} bytes of output in the histories`);
}, 1_200_000);

/** The NATS server that leads a shard of histories, and the hub, at once: the hub that is left finds its way while NATS has none. */
async function killAndStart(all: readonly FleetSession[], round: number): Promise<void> {
  const leader = await cluster.nats.leaderOf(new Layout(natsDefaults.prefix).historyStream(round));
  const server = cluster.nats.named(leader);
  await Promise.all([server.kill(), cluster.killHub(round)]);
  say(`NATS server ${leader} and hub ${round + 1} are killed; ${received(all)} entries have come to clients`);
  await expect.poll(still(all), PATIENCE).toEqual([]);
  say(`every session goes on, to every client; ${received(all)} entries have come`);
  if (round + 1 === ROUNDS) return;
  await Promise.all([server.start(), cluster.startHub(round)]);
  await cluster.nats.current();
  say('both are there again');
}

/** Asks which sessions have not come further, at every client, than they had been printed when it was called. */
function still(all: readonly FleetSession[]): () => readonly string[] {
  const then = all.map(({ streamer, followers }) =>
    streamer ? streamer.sent.entries : Math.max(...followers.map(({ got }) => got.entries)),
  );
  const done = ({ streamer, followers }: FleetSession) =>
    !streamer && followers.every(({ text }) => printed(text).length === PRINTED);
  return () =>
    all
      .filter(({ followers }, index) => followers.some(({ got }) => got.entries <= (then[index] ?? 0)))
      .filter((session) => !done(session))
      .map(({ id }) => id);
}

/** Waits for the prompt, and types what is meant for this debugger. */
async function order(host: Follower | undefined, [gdb = '', cdb = '']: readonly string[]): Promise<void> {
  await expect.poll(() => host?.text.slice(-100), PATIENCE).toMatch(/(?:\d:000>|NoTarget>|\(gdb\)) $/);
  await host?.view.order({ type: 'input', text: host.text.endsWith('(gdb) ') ? gdb : cdb });
}

async function compare({ streamer, followers, pid }: FleetSession, late: readonly Follower[]): Promise<void> {
  const [host] = followers;
  const readers = [...followers, ...late];
  if (pid !== null) await expect.poll(() => alive(pid), PATIENCE).toBe(false);
  await expect
    .poll(() => readers.map(({ view }) => view.info.state), PATIENCE)
    .toEqual(readers.map(() => 'terminated'));
  const count = streamer ? streamer.sent.entries : host?.view.info.last;
  await expect.poll(() => readers.map(({ got }) => got.entries), PATIENCE).toEqual(readers.map(() => count));
  for (const { got, failures } of readers) {
    expect(failures).toEqual([]);
    expect(got.digest).toBe((streamer?.sent ?? host?.got)?.digest);
  }
  if (streamer) expect(streamer.refused).toEqual([]);
  else expect(printed(host?.text ?? '')).toEqual(Array.from({ length: PRINTED }, (_, at) => at + 1));
}

const ending = (all: readonly FleetSession[]) =>
  all.reduce((sum, { followers }) => sum + (followers[0]?.got.bytes ?? 0), 0);

const began = performance.now();
function say(text: string): void {
  if (process.env.HAWSER_FULL) console.log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${text}`);
}

/** So many, at most `width` at a time. */
async function inTurns<T>(count: number, width: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      made[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return made;
}
