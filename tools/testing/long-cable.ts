import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Machine } from './machines.ts';

/** Connects to a host and port of its machine's network, and is that connection. */
const DIAL = `
const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), noDelay: true });
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** A port of this machine that leads into another's network, over a cable of a length. */
export interface LongCable {
  readonly port: number;
  end(): Promise<void>;
}

/** Everything arrives half of `roundTripMs` later, each way; bandwidth is not limited. */
export async function longCable(
  from: Machine,
  to: { readonly host: string; readonly port: number },
  roundTripMs: number,
): Promise<LongCable> {
  const children = new Set<ChildProcess>();
  const pass = (source: Readable, sink: Writable) => {
    const late = (work: () => void) => (roundTripMs === 0 ? work() : setTimeout(work, roundTripMs / 2));
    source.on('data', (chunk: Buffer) => late(() => sink.write(chunk)));
    source.on('end', () => late(() => sink.end()));
    for (const each of [source, sink]) each.on('error', () => {});
  };
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const [program = '', ...words] = [...from.inside, process.execPath, '-e', DIAL, to.host, `${to.port}`];
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    child.on('close', () => socket.destroy());
    pass(socket, child.stdin);
    pass(child.stdout, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    end: async () => {
      server.close();
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}
