import { PlainMi } from '../measure/mi.ts';
import { libraries, threads } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { gdbserver, processServer, type Running, waiting } from '../measure/servers.ts';
import { backendOver, type SmartClient, smartClient } from '../measure/smart-client.ts';
import { interleave, timed } from '../measure/stats.ts';

const ROUNDS = 5;

/** From a process that runs to its threads and modules; what brings it there is not timed, nor is letting it go. */
async function ours(client: SmartClient, pid: number, check: (count: number) => void, modules: boolean) {
  const backend = await backendOver(client);
  try {
    return await timed(async () => {
      await backend.attach({ pid });
      check((modules ? await backend.modules() : await backend.threads()).length);
    });
  } finally {
    await backend.detach();
    await backend.dispose();
  }
}

/** As a person would with plain GDB: the files come from the target's machine, through gdbserver. */
async function plain(server: Running, pid: number, list: string) {
  const mi = await PlainMi.open(null, ['set breakpoint always-inserted on']);
  try {
    await mi.send(`-target-select extended-remote 127.0.0.1:${server.port}`);
    return await timed(async () => {
      await mi.resume(`-target-attach ${pid}`);
      await mi.send(list);
    });
  } finally {
    await mi.send('-target-detach');
    mi.end();
  }
}

interface Case {
  readonly what: string;
  readonly program: string;
  readonly least: number;
  readonly modules: boolean;
  readonly list: string;
}

async function compare(wanted: Case, client: SmartClient, say: (line: string) => void): Promise<Row> {
  const target = await waiting(wanted.program);
  const pid = target.port;
  const check = (count: number) => {
    if (count < wanted.least) throw new Error(`only ${count} were found`);
  };
  try {
    const result = await interleave(
      ROUNDS,
      1,
      () => ours(client, pid, check, wanted.modules),
      async () => {
        const server = await gdbserver('--multi');
        try {
          return await plain(server, pid, wanted.list);
        } finally {
          await server.end();
        }
      },
    );
    say(`${wanted.what}: ${client.traffic().roundTrips} round trips, ${client.traffic().packets} packets`);
    return {
      name: 'attach',
      what: wanted.what,
      ours: `${(result.ours / 1000).toFixed(2)} s`,
      anchor: `${(result.anchor / 1000).toFixed(2)} s`,
      ratio: result.ratio,
      goal: '<= 1',
      met: result.ratio <= 1,
    };
  } finally {
    await target.end();
  }
}

export const stubAttach: Budget = {
  name: 'attach',
  what: 'attaching to many threads and many libraries through a process server, against GDB and gdbserver',
  async run(say) {
    const server = await processServer();
    const client = await smartClient(server.port);
    try {
      return [
        await compare(
          {
            what: 'attach to a process of 300 threads',
            program: threads(),
            least: 300,
            modules: false,
            list: '-thread-info',
          },
          client,
          say,
        ),
        await compare(
          {
            what: 'attach to one with 200 libraries',
            program: libraries(),
            least: 200,
            modules: true,
            list: '-file-list-shared-libraries',
          },
          client,
          say,
        ),
      ];
    } finally {
      await client.stub.close();
      await server.end();
    }
  },
};
