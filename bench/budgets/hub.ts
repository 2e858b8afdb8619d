import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import { HubConnection } from '../../hub/client/hub-connection.ts';
import { withConsole } from '../../hub/server/console.ts';
import { type Connect, LINE_BYTES, openSessions, pause, sendLines, usage } from '../measure/hub-load.ts';
import type { Budget } from '../measure/row.ts';

const SESSIONS = 200;
/** Opened before anything is measured, so that the program has grown to its size. */
const FIRST = 100;
const PASSWORD = 'only for this measurement';
const LINES = 20_000;

const ROOT = resolve(import.meta.dirname, '../..');

function started(child: ChildProcess, pattern: RegExp): Promise<string> {
  let said = '';
  return new Promise((done, failed) => {
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (pattern.test(said)) done(said);
    });
    child.once('close', () => failed(new Error(`it ended: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** The least there can be at the other end: TLS and a WebSocket that does nothing. @returns bytes for a connection */
async function bareConnection(folder: string): Promise<number> {
  const program = `const { createServer } = require('https'); const { WebSocketServer } = require('ws'); const fs = require('fs');
    const server = createServer({ cert: fs.readFileSync('${folder}/certificate.pem'), key: fs.readFileSync('${folder}/key.pem') });
    new WebSocketServer({ server, perMessageDeflate: false });
    server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));`;
  const child = spawn(process.execPath, ['-e', program], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const sockets: WebSocket[] = [];
  try {
    const port = /port (\d+)/.exec(await started(child, /port \d+\n/))?.[1];
    await pause(500);
    const before = usage(child.pid ?? 0).memory;
    for (let count = 0; count < SESSIONS * 2; count++) {
      const socket = new WebSocket(`wss://127.0.0.1:${port}/`, { rejectUnauthorized: false });
      await new Promise((done, failed) => socket.once('open', done).once('error', failed));
      sockets.push(socket);
    }
    await pause(1000);
    return (usage(child.pid ?? 0).memory - before) / sockets.length;
  } finally {
    for (const socket of sockets) socket.terminate();
    child.kill('SIGKILL');
  }
}

/** What a session costs a hub while nothing happens in it, and what a line costs. */
export const hub: Budget = {
  name: 'hub',
  what: `a hub's memory for an idle connection, of ${SESSIONS} sessions with agent and viewer, against a bare one`,
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-hub-'));
    const port = await freePort();
    const limits = ['-max-per-address', '5000', '-max-sign-ins', '5000'];
    const words = ['hub', '-data', folder, '-port', String(port), '-bind', '127.0.0.1', ...limits];
    const child = spawn(process.execPath, [join(ROOT, 'tools/hawser'), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const open: HubConnection[] = [];
    try {
      const said = await started(child, /Ctrl\+C/);
      const [, fingerprint] = /SHA-256: (\S+)/.exec(said) ?? [];
      const connect = async (token?: string) => {
        const address = `https://127.0.0.1:${port}`;
        const made = await HubConnection.open({ address, fingerprint, program: 'bench', token });
        open.push(made);
        return made;
      };
      const tokens = await hosts(folder, connect);
      const viewer = (index: number) => connect(tokens[index % tokens.length]);
      await openSessions(FIRST, viewer, connect);
      await pause(3000);
      const pid = child.pid ?? 0;
      const before = usage(pid).memory;
      const sessions = await openSessions(SESSIONS, viewer, connect);
      await pause(3000);
      const each = (usage(pid).memory - before) / (SESSIONS * 2);
      const bare = await bareConnection(folder);
      say(`an idle session (agent and one viewer): ${Math.round((each * 2) / 1024)} KiB`);
      const { perSecond, cpu } = await sendLines(LINES, [pid], sessions);
      say(
        `${LINES} lines, kept and relayed: ${perSecond} lines a second, ${cpu.map((each) => `${each} µs`)} of processor a line`,
      );
      say(`${LINE_BYTES} bytes kept a line, about ${LINE_BYTES} sent to each viewer`);
      const ratio = each / bare;
      return [
        {
          name: 'hub',
          what: "a hub's memory for an idle connection",
          ours: `${Math.round(each / 1024)} KiB`,
          anchor: `${Math.round(bare / 1024)} KiB`,
          ratio,
          goal: '<= 3',
          met: ratio <= 3,
        },
      ];
    } finally {
      for (const each of open) each.close();
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** As many hosts as the sessions take, signed in. @returns their tokens */
async function hosts(folder: string, connect: Connect): Promise<string[]> {
  const emails = Array.from(
    { length: Math.ceil((SESSIONS + FIRST) / 50) },
    (_, index) => `host${index}@example.com`,
  );
  await withConsole(folder, async (hubConsole) => {
    for (const email of emails) {
      await hubConsole.addAccount({ email, name: email, mayHost: true, mayJoin: true, administrator: false });
      await hubConsole.setPassword(email, PASSWORD);
    }
  });
  const tokens: string[] = [];
  for (const email of emails) {
    const connection = await connect();
    await connection.request('account/signIn', { email, password: PASSWORD });
    tokens.push(connection.token ?? '');
    connection.close();
  }
  return tokens;
}
