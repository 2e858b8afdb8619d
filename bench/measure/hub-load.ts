import { readFileSync } from 'node:fs';
import type { HubConnection } from '../../hub/client/hub-connection.ts';

/** Entries of one `agent/append`. */
export const BATCH = 20;
/** What a line of a debugger is, sealed. */
export const SEALED = Buffer.alloc(170, 7).toString('base64');
/** With its number and time. */
export const LINE_BYTES = SEALED.length + 40;

/** Memory of a process and of all its threads, bytes; and processor time, milliseconds. */
export function usage(pid: number): { memory: number; cpu: number } {
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { memory, cpu: (Number(fields[11]) + Number(fields[12])) * 10 };
}

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export type Connect = (token?: string) => Promise<HubConnection>;

export interface Opened {
  readonly id: string;
  readonly agent: HubConnection;
  readonly viewer: HubConnection;
}

/** Sessions with an agent and a viewer each, who is their host, by connections of their own. */
export async function openSessions(
  count: number,
  viewerOf: (index: number) => Promise<HubConnection>,
  connect: Connect,
): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (let index = 0; index < count; index++) {
    const viewer = await viewerOf(index);
    const session = { name: `Session ${index}`, description: '', computer: 'bench', direct: false };
    const made = await viewer.request('session/create', session);
    const { id } = made.session;
    const agent = await connect(made.agentToken);
    await viewer.request('session/open', { session: id, after: 0, window: 1 << 20 });
    opened.push({ id, agent, viewer });
  }
  return opened;
}

/**
 * So many lines in all, in batches, over all sessions at once: each is kept before it is answered, and goes to one viewer.
 * @returns lines a second, and for each process the microseconds of processor a line
 */
export async function sendLines(
  count: number,
  pids: readonly number[],
  sessions: readonly Opened[],
): Promise<{ readonly perSecond: number; readonly cpu: readonly number[] }> {
  let came = 0;
  for (const { id, viewer } of sessions)
    viewer.on('session/entries', ({ entries }) => {
      came += entries.length;
      viewer.notify('session/ack', { session: id, seq: entries.at(-1)?.seq ?? 0 });
    });
  const before = pids.map((pid) => usage(pid).cpu);
  const began = performance.now();
  const per = Math.ceil(count / sessions.length / BATCH) * BATCH;
  await Promise.all(
    sessions.map(async ({ agent }) => {
      for (let from = 1; from <= per; from += BATCH)
        await agent.request('agent/append', { entries: batch(from) }, { timeout: 120_000 });
    }),
  );
  const all = per * sessions.length;
  while (came < all) await pause(20);
  const took = performance.now() - began;
  return {
    perSecond: Math.round((all * 1000) / took),
    cpu: pids.map((pid, index) => Math.round(((usage(pid).cpu - (before[index] ?? 0)) * 1000) / all)),
  };
}

export function batch(from: number) {
  return Array.from({ length: BATCH }, (_, index) => ({ seq: from + index, at: 1, sealed: SEALED }));
}
