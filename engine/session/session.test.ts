import { afterEach, describe, expect, it } from 'vitest';
import { SessionClient } from '../client/session-client.ts';
import { transcriptOf } from '../client/transcript.ts';
import type { StartOptions } from '../commands/host.ts';
import { createGdbBackend } from '../gdb/backend.ts';
import { compile, endRunning } from '../gdb/testing/programs.ts';
import type { NumberedEvent } from '../protocol/session.ts';
import { createSession, type Session, type SessionOptions } from './index.ts';

const START: StartOptions = {
  ignoreInitialBreak: false,
  ignoreFinalBreak: false,
  symbolPath: [],
  sourcePath: [],
  commands: '',
  detachAtEnd: false,
  breakOnConnect: false,
};

const PROGRAM = `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int work(int n) { return n * 2; }
int main(int argc, char **argv) {
  int lines = argc > 1 ? atoi(argv[1]) : 0;
  for (int i = 1; i <= lines; i++) printf("line %d\\n", i);
  fflush(stdout);
  for (int n = 0;; n++) { work(n); usleep(1000); }
}
`;

const READER = `#include <stdio.h>
int main(void) {
  char line[80];
  for (int n = 0; n < 2 && fgets(line, sizeof line, stdin); n++) printf("read %s", line);
}
`;

const worker = compile('session-worker.c', PROGRAM).path;
const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.end('kill')));
  endRunning(worker);
});

async function startSession(args: string[] = [], options: Partial<SessionOptions> = {}) {
  const session = createSession({ version: '0', createBackend: () => createGdbBackend({}), ...options });
  sessions.push(session);
  await session.start({ kind: 'launch', program: worker, args }, START);
  return session;
}

class Front {
  readonly events: NumberedEvent[] = [];
  readonly client: SessionClient;
  ended = false;
  text = '';
  #wake: (() => void)[] = [];

  constructor(session: Session, user: string) {
    this.client = new SessionClient(session.connectLocal({ host: 'HOST', user }), {
      event: (event) => {
        this.events.push(event);
        this.text += transcriptOf(event, () => false)?.text ?? '';
        for (const wake of this.#wake.splice(0)) wake();
      },
      closed: () => {
        this.ended = true;
        for (const wake of this.#wake.splice(0)) wake();
      },
    });
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((wake) => this.#wake.push(wake));
  }
}

describe('Session', () => {
  it('runs commands in the order of their coming and shows all fronts the same events', async () => {
    const session = await startSession();
    const [one, two] = [new Front(session, 'one'), new Front(session, 'two')];
    await Promise.all([one.client.attach(), two.client.attach()]);
    const commands = Array.from({ length: 20 }, (_, n) => `.echo number ${n}`);
    await Promise.all(commands.map((command, n) => (n % 2 ? one : two).client.execute(command)));
    await Promise.all([one, two].map((front) => front.until(() => /^number 19$/m.test(front.text))));
    expect(one.events).toEqual(two.events);
    expect(one.events.map((event) => event.seq)).toEqual(one.events.map((_, index) => index + 1));
    const echoed = [...one.text.matchAll(/^number (\d+)$/gm)].map((match) => Number(match[1]));
    expect([...echoed].sort((a, b) => a - b)).toEqual(commands.map((_, n) => n));
  });

  it('lets break-in past the queue, and answers the command that ran', async () => {
    const session = await startSession();
    const front = new Front(session, 'one');
    await front.client.attach();
    // Past the loader, which a break-in could come in as well.
    await front.client.execute('g session_worker!main');
    const before = front.events.length;
    const go = front.client.execute('g');
    await front.until(() =>
      front.events.slice(before).some(({ event }) => event.type === 'state' && event.state.run === 'running'),
    );
    expect(await front.client.request('session/breakIn', {})).toEqual({ was: 'running' });
    expect(await go).toMatchObject({ ok: true });
    expect((await front.client.execute('k')).ok).toBe(true);
    expect(front.text).toMatch(/session_worker!main/);
  });

  it('lets .input past the queue while the target runs, and nothing else', async () => {
    const session = createSession({ version: '0', createBackend: () => createGdbBackend({}) });
    sessions.push(session);
    const front = new Front(session, 'one');
    await front.client.attach();
    const { path: program } = compile('session-reader.c', READER);
    const started = session.start(
      { kind: 'launch', program, args: [] },
      { ...START, ignoreInitialBreak: true },
    );
    const order: string[] = [];
    await Promise.all(
      ['.echo after', '.input one', '.input two'].map(async (line) => {
        expect(await front.client.execute(line)).toMatchObject({ ok: true });
        order.push(line);
      }),
    );
    await started;
    expect(order).toEqual(['.input one', '.input two', '.echo after']);
    // The terminal echoes the second line before or after the first is answered.
    expect(front.text).toMatch(/read one\s[\s\S]*read two\s[\s\S]*^after$/m);
    expect((await front.client.execute('.input three')).ok).toBe(false);
    expect(session.state.queued).toBe(0);
  });

  it('gives a late front the history, and one that comes again what it missed', async () => {
    const session = await startSession();
    const first = new Front(session, 'first');
    await first.client.attach();
    await first.client.execute('.echo early');
    const seen = first.client.seen;
    await first.client.leave();
    const late = new Front(session, 'late');
    await late.client.attach();
    await late.client.execute('.echo later');
    expect(late.text).toMatch(/^early$[\s\S]*^later$/m);
    const again = new Front(session, 'first');
    await again.client.attach(seen);
    await again.until(() => /^later$/m.test(again.text));
    expect(again.text).not.toMatch(/^early$/m);
    expect(again.events[0]?.seq).toBe(seen + 1);
  });

  it('tells everybody what ENTER repeats, once its sender has a line to repeat', async () => {
    const session = await startSession();
    const front = new Front(session, 'one');
    await front.client.attach();
    await front.client.execute('');
    await front.client.execute('.echo again');
    await front.client.execute('');
    const commands = front.events.flatMap(({ event }) => (event.type === 'command' ? [event.text] : []));
    expect(commands).toEqual(['', '.echo again', '.echo again']);
  });

  it('keeps to -clines', async () => {
    const session = await startSession([], { historyCommands: 2 });
    const first = new Front(session, 'first');
    await first.client.attach();
    for (const n of [1, 2, 3, 4]) await first.client.execute(`.echo number ${n}`);
    const late = new Front(session, 'late');
    await late.client.attach();
    await late.until(() => /^number 4$/m.test(late.text));
    expect(late.text).toMatch(/^number 3$/m);
    expect(late.text).not.toMatch(/^number 2$/m);
  });

  it('never shows the password of a server that was typed', async () => {
    const session = await startSession();
    const front = new Front(session, 'one');
    await front.client.attach();
    await front.client.execute('.server tcp:port=5400:5499,bind=127.0.0.1,password="se,cret"');
    await front.client.execute('.servers');
    expect(front.text).toMatch(/^Server started\. {2}Client can connect with any of these command lines$/m);
    expect(front.text).toMatch(/^0: <debugger> -remote tcp:Port=\d+,Server=localhost,Password=\*$/m);
    expect(JSON.stringify(front.events)).not.toContain('cret');
  });

  it('answers what it does not understand, and goes on', async () => {
    const session = await startSession();
    const front = new Front(session, 'one');
    await front.client.attach();
    const bad = front.client.request('session/execute', { command: 5, commandId: '' } as never);
    await expect(bad).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(front.client.request('session/nothing' as never, {} as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await expect(front.client.request('session/endServer', { id: 7 })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
    expect((await front.client.execute('nosuchcommand')).ok).toBe(false);
    expect((await front.client.execute('.echo fine')).ok).toBe(true);
  });

  it('delivers a flood of the target’s output whole, with memory bounded', async () => {
    const session = await startSession(['200000'], { log: { memory: 1 << 20, total: 1 << 28 } });
    const front = new Front(session, 'one');
    await front.client.attach();
    const go = front.client.execute('g');
    await front.until(() => front.text.includes('line 200000\n') || front.text.includes('line 200000\r\n'));
    const lines = [...front.text.matchAll(/^line (\d+)/gm)].map((match) => Number(match[1]));
    expect(lines).toEqual(Array.from({ length: 200_000 }, (_, index) => index + 1));
    await front.client.request('session/breakIn', {});
    await go;
  });

  it('tells everybody of its end', async () => {
    const session = await startSession();
    const front = new Front(session, 'one');
    await front.client.attach();
    await front.client.execute('qqd').catch(() => undefined);
    await front.until(() => front.ended);
    expect(front.events.at(-1)?.event).toMatchObject({ type: 'ended', reason: 'quitDetached' });
  });
});
