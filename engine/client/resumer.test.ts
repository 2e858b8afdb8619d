import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HawserError } from '../../transports/errors/error.ts';
import { createGdbBackend } from '../gdb/backend.ts';
import { compile } from '../gdb/testing/programs.ts';
import type { NumberedEvent } from '../protocol/session.ts';
import { createSession, type Session, type SessionOptions } from '../session/index.ts';
import { connectResuming } from './remote.ts';
import type { LinkStatus, Resumer } from './resumer.ts';
import { SessionClient } from './session-client.ts';

const PROGRAM = `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  int lines = argc > 1 ? atoi(argv[1]) : 0;
  for (int i = 1; i <= lines; i++) printf("line %d\\n", i);
  fflush(stdout);
  for (;;) usleep(1000);
}
`;

const IDENTITY = { host: 'HOST', user: 'tester', program: 'test', version: '0' };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startSession(lines: number, options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = createSession({ version: '0', createBackend: () => createGdbBackend({}), ...options });
  ends.push(() => session.end('kill'));
  const { path: program } = compile('resumed.c', PROGRAM);
  await session.start(
    { kind: 'launch', program, args: [String(lines)] },
    {
      ignoreInitialBreak: false,
      ignoreFinalBreak: false,
      symbolPath: [],
      sourcePath: [],
      commands: '',
      detachAtEnd: false,
      breakOnConnect: false,
    },
  );
  return session;
}

/** Something between the two ends that can be cut, as a cable can. */
class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #plugged = true;
  /** Bytes towards the client after which it cuts itself, one number for each cut to come. */
  cutsAfter: number[] = [];
  cuts = 0;
  /** So many connections are taken and closed again before the server has said a word. */
  hangUps = 0;
  /** A slow line: every piece late by so much, one in a hundred as late as a packet that had to be sent again. */
  delayMs = 0;
  #random = 12345;

  constructor(port: number) {
    this.#server = createServer((near) => {
      if (!this.#plugged) {
        near.resetAndDestroy();
        return;
      }
      if (this.hangUps > 0) {
        this.hangUps--;
        near.on('error', () => undefined);
        near.once('data', () => near.end());
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => undefined);
        from.on('data', (bytes) => {
          this.#carry(bytes, to);
          if (from !== far) return;
          const [left] = this.cutsAfter;
          if (left === undefined) return;
          this.cutsAfter[0] = left - bytes.length;
          if (left > bytes.length) return;
          this.cutsAfter.shift();
          this.cut();
        });
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  readonly #lines = new Map<Socket, Promise<unknown>>();

  #carry(bytes: Buffer, to: Socket): void {
    if (this.delayMs === 0) {
      to.write(bytes);
      return;
    }
    this.#random = (this.#random * 1103515245 + 12345) & 0x7fffffff;
    const late = this.#random % 100 === 0 ? this.delayMs * 4 : this.delayMs;
    const arrived = new Promise((done) => setTimeout(done, late));
    const before = this.#lines.get(to);
    this.#lines.set(
      to,
      Promise.all([before, arrived]).then(() => to.write(bytes)),
    );
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    ends.push(() => {
      this.unplug();
      this.#server.close();
    });
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.cuts++;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  unplug(): void {
    this.#plugged = false;
    this.cut();
  }

  plug(): void {
    this.#plugged = true;
  }
}

class Person {
  readonly events: NumberedEvent[] = [];
  readonly statuses: LinkStatus[] = [];
  client: SessionClient;
  closed: { reason: HawserError | null } | null = null;
  readonly resumer: Resumer;
  #wake: (() => void)[] = [];

  private constructor(resumer: Resumer, statuses: LinkStatus[]) {
    this.resumer = resumer;
    this.statuses = statuses;
    this.client = new SessionClient(resumer.link, {
      event: (event) => {
        this.events.push(event);
        this.wake();
      },
      closed: (reason) => {
        this.closed = { reason };
        this.wake();
      },
    });
  }

  static async join(port: number): Promise<Person> {
    const statuses: LinkStatus[] = [];
    let person: Person | null = null;
    const resumer = await connectResuming(`tcp:server=127.0.0.1,port=${port}`, {
      identity: IDENTITY,
      signal: new AbortController().signal,
      getPassword: async () => 'secret',
      status: (status) => {
        statuses.push(status);
        person?.wake();
      },
    });
    person = new Person(resumer, statuses);
    ends.push(() => resumer.link.close());
    return person;
  }

  wake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((wake) => this.#wake.push(wake));
  }

  get text(): string {
    return this.events.map(({ event }) => (event.type === 'output' ? event.text : '')).join('');
  }

  /** Every number once, in order. */
  expectWhole(): void {
    const first = this.events[0]?.seq ?? 0;
    expect(this.events.map(({ seq }) => seq)).toEqual(this.events.map((_, index) => first + index));
  }
}

async function serve(session: Session): Promise<number> {
  const { connection } = await session.startServer('tcp:port=5500:5599,bind=127.0.0.1', 'secret');
  return Number(/Port=(\d+)/.exec(connection)?.[1]);
}

describe('a viewer', () => {
  it('sees everything and has no way to run anything', async () => {
    const session = await startSession(0);
    const port = await serve(session);
    const [viewer, other] = [await Person.join(port), await Person.join(port)];
    const { you } = await viewer.client.attach();
    await other.client.attach();
    const owner = new SessionClient(session.connectLocal(IDENTITY), { event: () => {}, closed: () => {} });
    await owner.attach();
    await expect(
      other.client.request('session/setRole', { id: you.id, role: 'viewer' }),
    ).rejects.toMatchObject({
      code: 'OWNER_ONLY',
    });
    expect((await owner.execute(`.clientrole ${you.id} viewer`)).ok).toBe(true);
    const before = viewer.events.length;
    const attempts = [
      ['session/execute', { command: '.shell id', commandId: 'x' }],
      ['session/breakIn', {}],
      ['session/input', { text: 'x' }],
      ['session/complete', { text: 'k', caret: 1 }],
      ['session/startServer', { connection: 'tcp:port=5600' }],
      ['session/endServer', { id: 0 }],
      ['session/removeClient', { id: 1 }],
      ['session/setRole', { id: you.id, role: 'controller' }],
      ['session/end', { target: 'kill' }],
    ] as const;
    for (const [method, params] of attempts) {
      await expect(viewer.client.request(method, params as never)).rejects.toMatchObject({
        code: 'VIEWER_ONLY',
      });
    }
    await other.client.execute('.echo seen by all');
    await viewer.until(() => viewer.text.includes('seen by all'));
    expect(
      viewer.events
        .slice(before)
        .some(({ event }) => event.type === 'command' && event.client?.id === you.id),
    ).toBe(false);
    expect((await owner.execute(`.clientrole ${you.id} controller`)).ok).toBe(true);
    expect((await viewer.client.execute('.echo again')).ok).toBe(true);
    expect((await owner.execute(`.endclient ${you.id}`)).ok).toBe(true);
    await viewer.until(() => viewer.closed !== null);
    expect(viewer.closed?.reason?.code).toBe('REMOVED');
  });

  it('is who joins through a server with role=viewer, and stays one after its link was lost', async () => {
    const session = await startSession(0);
    const { connection, listing } = await session.startServer(
      'tcp:port=5600:5699,bind=127.0.0.1,role=viewer',
      'secret',
    );
    expect(connection + listing).not.toMatch(/role/i);
    const cable = new Cable(Number(/Port=(\d+)/.exec(connection)?.[1]));
    const viewer = await Person.join(await cable.listen());
    expect((await viewer.client.attach()).you.role).toBe('viewer');
    cable.cut();
    await viewer.until(() => viewer.statuses.some(({ state }) => state === 'up'));
    await expect(viewer.client.execute('.echo no')).rejects.toMatchObject({ code: 'VIEWER_ONLY' });
  });
});

describe('a link that is lost', () => {
  it('loses no event and gives none twice, however often it is cut in the middle of output', async () => {
    const session = await startSession(100_000);
    const cable = new Cable(await serve(session));
    const person = await Person.join(await cable.listen());
    const before = await person.client.attach();
    cable.cutsAfter = [200_000, 300_000];
    const go = person.client.execute('g');
    await person.until(
      () => person.text.includes('line 100000\n') || person.text.includes('line 100000\r\n'),
    );
    expect(cable.cuts).toBe(2);
    person.expectWhole();
    const numbers = [...person.text.matchAll(/^line (\d+)/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 100_000 }, (_, index) => index + 1));
    const { clients } = await person.client.request('session/clients', {});
    expect(clients.map(({ id, role }) => ({ id, role }))).toEqual([
      { id: before.you.id, role: before.you.role },
    ]);
    expect(person.events.filter(({ event }) => event.type === 'clientBack').length).toBe(2);
    await person.client.request('session/breakIn', {});
    expect((await go).ok).toBe(true);
  });

  it('is slow and bad: 200 ms there and back, one piece in a hundred sent again', async () => {
    const session = await startSession(20_000);
    const cable = new Cable(await serve(session));
    cable.delayMs = 100;
    const person = await Person.join(await cable.listen());
    await person.client.attach();
    cable.cutsAfter = [150_000];
    const go = person.client.execute('g');
    await person.until(() => /^line 20000\r?\n/m.test(person.text));
    await person.client.request('session/breakIn', {});
    expect((await go).ok).toBe(true);
    expect((await person.client.execute('k')).ok).toBe(true);
    person.expectWhole();
    const numbers = [...person.text.matchAll(/^line (\d+)/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
  });

  it('runs a command in flight once, and gives its answer', async () => {
    const session = await startSession(0);
    const cable = new Cable(await serve(session));
    const person = await Person.join(await cable.listen());
    await person.client.attach();
    cable.unplug();
    const first = person.client.execute('.echo once');
    const second = person.client.execute('.echo twice');
    await person.until(() => person.statuses.some(({ state }) => state === 'lost'));
    cable.plug();
    person.resumer.retryNow();
    expect([(await first).ok, (await second).ok]).toEqual([true, true]);
    expect(person.text.match(/^once$/gm)?.length).toBe(1);
    person.expectWhole();
  });

  it('is cut again while it comes back, before the server has said a word: it is tried on', async () => {
    const session = await startSession(0);
    const cable = new Cable(await serve(session));
    const person = await Person.join(await cable.listen());
    await person.client.attach();
    cable.hangUps = 2;
    cable.cut();
    const command = person.client.execute('.echo after all');
    await person.until(() => person.statuses.some(({ state }) => state === 'up') || person.closed !== null);
    expect(person.closed).toBeNull();
    expect(cable.hangUps).toBe(0);
    expect((await command).ok).toBe(true);
    person.expectWhole();
  });

  it('and comes back while the clock is set, ahead and back by days', async () => {
    const real = Date.now;
    let jumps = 0;
    // At every look at it the clock is another one.
    vi.spyOn(Date, 'now').mockImplementation(() => real() + (jumps++ % 2 === 0 ? 1 : -1) * 3 * 86_400_000);
    ends.push(() => void vi.restoreAllMocks());
    const session = await startSession(20_000);
    const cable = new Cable(await serve(session));
    const person = await Person.join(await cable.listen());
    const before = await person.client.attach();
    cable.cutsAfter = [50_000];
    const go = person.client.execute('g');
    await person.until(() => /^line 20000\r?\n/m.test(person.text));
    await person.client.request('session/breakIn', {});
    expect((await go).ok).toBe(true);
    expect(jumps).toBeGreaterThan(10);
    expect(cable.cuts).toBe(1);
    person.expectWhole();
    const { clients } = await person.client.request('session/clients', {});
    expect(clients.map(({ id }) => id)).toEqual([before.you.id]);
  });

  it('is given up when the session knows the client no more, without running a command twice', async () => {
    const session = await startSession(0, { resumeWindow: 0 });
    const cable = new Cable(await serve(session));
    const person = await Person.join(await cable.listen());
    const before = await person.client.attach();
    cable.unplug();
    const command = person.client.execute('.echo unknown');
    await person.until(() => person.statuses.some(({ state }) => state === 'lost'));
    cable.plug();
    person.resumer.retryNow();
    await expect(command).rejects.toMatchObject({ code: 'LINK_LOST' });
    await person.until(() => person.statuses.some((status) => status.state === 'up' && !status.resumed));
    const { clients } = await person.client.request('session/clients', {});
    expect(clients.map(({ id }) => id)).not.toContain(before.you.id);
    person.expectWhole();
  });

  it('ends with its reason when nobody listens there any more, or when it is given up', async () => {
    const session = await startSession(0);
    const port = await serve(session);
    const [gone, given] = [new Cable(port), new Cable(port)];
    const [one, two] = [await Person.join(await gone.listen()), await Person.join(await given.listen())];
    await Promise.all([one.client.attach(), two.client.attach()]);
    given.unplug();
    await two.until(() => two.statuses.length > 0);
    two.resumer.giveUp();
    await two.until(() => two.closed !== null);
    expect(two.closed?.reason?.code).toBe('LINK_LOST');
    await session.end('kill');
    await one.until(() => one.closed !== null);
    expect(one.closed?.reason?.code).toBe('SERVER_ENDED');
    expect(one.statuses).toEqual([]);
  });
});
