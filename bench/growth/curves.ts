import { refresh, toWork } from '../budgets/latency.ts';
import { localFront, serverProcess } from '../measure/fronts.ts';
import { counted, crowd, modules, steady } from '../measure/programs.ts';
import { Reader } from '../measure/reader.ts';
import { longLine, processServer } from '../measure/servers.ts';
import { backendOver, smartClient } from '../measure/smart-client.ts';
import { median, timed } from '../measure/stats.ts';
import type { Growth, Point } from './curve.ts';

const ROUNDS = 5;

async function medianOf(work: () => Promise<unknown>, before = async (): Promise<unknown> => undefined) {
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    await before();
    const time = await timed(work);
    if (round >= 0) times.push(time);
  }
  return median(times);
}

const clients: Growth = {
  name: 'grow-clients',
  what: 'a command, until the last of so many clients has its output',
  async run() {
    const server = await serverProcess(steady());
    const readers: Reader[] = [];
    const points: Point[] = [];
    let given = 0;
    try {
      for (const x of [1, 10, 100, 1000]) {
        while (readers.length < x) readers.push(await Reader.join(server.connection));
        const all = async () => {
          const done = readers.map((reader) => reader.commandsDone(1));
          readers[0]?.request('session/execute', { command: '.echo hello', commandId: `g${++given}` });
          await Promise.all(done);
        };
        points.push({ x, ms: await medianOf(all) });
      }
      return points;
    } finally {
      for (const reader of readers) reader.leave();
      await server.end();
    }
  },
};

const threads: Growth = {
  name: 'grow-threads',
  what: 'a step and `~` in a process of so many threads',
  async run() {
    const points: Point[] = [];
    for (const x of [1, 10, 100, 1000]) {
      const front = await localFront(crowd(), [String(x)]);
      try {
        await front.run('g crowd!ready');
        const ms = await medianOf(async () => {
          await front.run('t');
          await front.run('~');
        });
        points.push({ x, ms });
      } finally {
        await front.end();
      }
    }
    return points;
  },
};

const loaded: Growth = {
  name: 'grow-modules',
  what: '`lm` after a step, with so many modules',
  async run(say) {
    const points: Point[] = [];
    for (const x of [1, 10, 100, 500]) {
      const front = await localFront(modules(x), [String(x)]);
      try {
        say(`${x} loaded in ${(await timed(() => front.run('g modules!ready'))).toFixed(0)} ms`);
        const ms = await medianOf(async () => {
          await front.run('t');
          await front.run('lm');
        });
        points.push({ x, ms });
      } finally {
        await front.end();
      }
    }
    return points;
  },
};

const output: Growth = {
  name: 'grow-output',
  what: '`g` of a program that prints so many lines, until the client has them',
  async run() {
    const points: Point[] = [];
    for (let x = 1e3; x <= 1e7; x *= 10) {
      const front = await localFront(counted(), [String(x)]);
      try {
        await front.run('bp counted!ready');
        points.push({ x, ms: await timed(() => front.run('g')) });
      } finally {
        await front.end();
      }
    }
    return points;
  },
};

const latency: Growth = {
  name: 'grow-latency',
  what: 'a step and a refresh of all windows, the link there and back so many milliseconds long',
  async run() {
    const server = await processServer();
    const points: Point[] = [];
    try {
      for (const x of [0, 10, 50, 100, 200]) {
        const line = x === 0 ? null : await longLine(server.port, x);
        const client = await smartClient(line?.port ?? server.port);
        const backend = await backendOver(client);
        try {
          await toWork(backend);
          const look = refresh(backend);
          await look();
          const ms = await medianOf(async () => {
            await backend.resume({ kind: 'stepInstruction', thread: 0 });
            await look();
          });
          points.push({ x, ms });
        } finally {
          await backend.dispose();
          await client.stub.close();
          line?.end();
        }
      }
      return points;
    } finally {
      await server.end();
    }
  },
};

export const growths: readonly Growth[] = [clients, threads, loaded, output, latency];
