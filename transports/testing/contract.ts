import { afterEach, describe, expect, it } from 'vitest';
import { EncodedMessage } from '../encoded-message.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import type { Framed, FramedOptions } from '../frames/framed.ts';
import { AttemptLimiter } from '../hello/attempts.ts';
import { type Connected, type ConnectHelloOptions, connectHello } from '../hello/client.ts';
import { HandshakeGate } from '../hello/gate.ts';
import { type AcceptHelloOptions, type Accepting, acceptHello } from '../hello/server.ts';
import { jsonLink } from '../json-link.ts';
import type { Message } from '../message-link.ts';
import { createVerifier } from '../scram/keys.ts';
import { Secret } from '../secret.ts';
import type { Connection } from '../transport.ts';

/** A place on one transport where a server can be, set up by the test. */
export interface Place {
  /** Starts to accept; once a place. */
  listen(accept: (connection: Connection) => void): Promise<void>;
  /** Reaches it, listening or not. */
  connect(signal: AbortSignal): Promise<Connection>;
  close(): Promise<void>;
  /** Code of the error of connecting while nobody listens; absent where that cannot be told. */
  readonly whenNobodyListens?: string;
}

const clientIdentity = { host: 'client-host', user: 'ann', program: 'contract test', version: '1' };
const serverIdentity = { host: 'server-host', user: 'bob', program: 'contract test', version: '2' };

/** The contract that every transport keeps, with all that stands on it: hello, password, frames. */
export function describeTransport(name: string, makePlace: () => Promise<Place>): void {
  describe(`transport ${name}`, () => {
    const never = new AbortController().signal;
    const cleanups: (() => unknown)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    });

    async function place(): Promise<Place> {
      const made = await makePlace();
      cleanups.push(() => made.close());
      return made;
    }

    type Both = { at: Place; accepting: Promise<Accepting>; connecting: Promise<Connected> };
    async function both(
      client: Partial<ConnectHelloOptions> = {},
      server: Partial<AcceptHelloOptions> = {},
    ): Promise<Both> {
      const at = await place();
      let settle: (accepting: Promise<Accepting>) => void = () => {};
      const accepting = new Promise<Accepting>((resolve) => {
        settle = resolve;
      });
      accepting.catch(() => {});
      await at.listen((connection) => {
        cleanups.push(() => connection.stream.destroy());
        const accepted = acceptHello(connection, {
          kind: 'debugger',
          version: 1,
          identity: serverIdentity,
          attempts: new AttemptLimiter(),
          gate: new HandshakeGate(),
          signal: never,
          ...server,
        });
        settle(accepted);
      });
      const connection = await at.connect(never);
      cleanups.push(() => connection.stream.destroy());
      const connecting = connectHello(connection, {
        kind: 'debugger',
        version: 1,
        identity: clientIdentity,
        getPassword: async () => null,
        signal: never,
        ...client,
      });
      connecting.catch(() => {});
      return { at, accepting, connecting };
    }

    async function framedPair(framed: FramedOptions = {}): Promise<{ client: Framed; server: Framed }> {
      const { accepting, connecting } = await both({ framed }, { framed });
      return { client: (await connecting).framed, server: (await accepting).framed };
    }

    const closed = (framed: Framed) => new Promise<HawserError | null>((resolve) => framed.onClose(resolve));
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (error) => (error instanceof HawserError ? error.code : String(error)),
      );

    /** Counts and checks the bytes that come on channel 0, which hold their own offsets. */
    function sink(framed: Framed) {
      let bytes = 0;
      let wrong = 0;
      let waiting: { readonly least: number; readonly resolve: () => void } | null = null;
      framed.setHandler(0, {
        data(payload) {
          for (let at = 0; at < payload.length; at += 4093) if (payload[at] !== (bytes + at) % 251) wrong++;
          bytes += payload.length;
          if (waiting && bytes >= waiting.least) waiting.resolve();
        },
      });
      const until = (least: number) =>
        new Promise<void>((resolve) => {
          if (bytes >= least) resolve();
          else waiting = { least, resolve };
        });
      return { until, wrong: () => wrong, bytes: () => bytes };
    }

    function pattern(from: number, length: number): Buffer {
      const bytes = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; at++) bytes[at] = (from + at) % 251;
      return bytes;
    }

    async function pour(framed: Framed, total: number, size: number): Promise<void> {
      for (let at = 0; at < total; at += size)
        if (!framed.write(0, pattern(at, Math.min(size, total - at)))) await framed.drained();
    }

    it('connects without a password, asked for none; both learn who the other is', async () => {
      let asked = false;
      const getPassword = async () => {
        asked = true;
        return new Secret('unused');
      };
      const { accepting, connecting } = await both({ getPassword, resume: 'token' });
      const [{ hello }, { server }] = await Promise.all([accepting, connecting]);
      expect(hello.client).toEqual(clientIdentity);
      expect(hello.resume).toBe('token');
      expect(server).toEqual(serverIdentity);
      expect(asked).toBe(false);
    });

    it('refuses where nobody listens', async (context) => {
      const at = await place();
      if (at.whenNobodyListens === undefined) return context.skip('nobody can tell on this transport');
      expect(await code(at.connect(never))).toBe(at.whenNobodyListens);
    });

    it('takes the right password and refuses a wrong one', async () => {
      const verifier = await createVerifier('right one', { iterations: 4096 });
      const right = await both({ getPassword: async () => new Secret('right one') }, { verifier });
      await Promise.all([right.accepting, right.connecting]);
      const wrong = await both({ getPassword: async () => new Secret('wrong one') }, { verifier });
      await expect(wrong.connecting).rejects.toThrow('Error 0x80004005');
      expect(await code(wrong.accepting)).toBe('WRONG_PASSWORD');
      const none = await both({}, { verifier });
      expect(await code(none.connecting)).toBe('PASSWORD_NEEDED');
    });

    it('refuses a wrong version, naming both', async () => {
      const { accepting, connecting } = await both({ version: 7 });
      await expect(connecting).rejects.toThrow(
        /^The client is not using same version of remoting protocol as the server.*\b7\b.*\b1\b/,
      );
      expect(await code(accepting)).toBe('VERSION_MISMATCH');
    });

    it('refuses a wrong kind, naming the menu entry', async () => {
      const toProcess = await both({}, { kind: 'process' });
      const error = await toProcess.connecting.catch((e: HawserError) => e);
      expect(error).toMatchObject({ code: 'WRONG_KIND', data: { wanted: 'debugger', is: 'process' } });
      expect((error as HawserError).action).toContain('File, Connect to Remote Stub');
      const toDebugger = await both({ kind: 'kd' });
      const other = await toDebugger.connecting.catch((e: HawserError) => e);
      expect((other as HawserError).action).toContain('File, Connect to Remote Session');
    });

    it('lets the server refuse for reasons of its own', async () => {
      const { connecting } = await both({}, { admit: () => connectionErrors.tooManyConnections(9) });
      await expect(connecting).rejects.toMatchObject({ code: 'TOO_MANY_CONNECTIONS', data: { limit: 9 } });
    });

    it('carries big messages both ways at once', async () => {
      const { client, server } = await framedPair();
      const total = 12 << 20;
      const [atServer, atClient] = [sink(server), sink(client)];
      await Promise.all([
        pour(client, total, total),
        pour(server, total, 64 << 10),
        atServer.until(total),
        atClient.until(total),
      ]);
      expect([atServer.wrong(), atClient.wrong()]).toEqual([0, 0]);
    });

    it('keeps what the server says at once after accepting, until somebody listens', async () => {
      const { accepting, connecting } = await both();
      const { framed } = await accepting;
      const link = jsonLink(framed);
      for (let n = 0; n < 3; n++)
        link.sendEncoded(EncodedMessage.of({ jsonrpc: '2.0', method: 'note', params: { n } } as Message));
      link.close();
      const client = jsonLink((await connecting).framed);
      const got: unknown[] = [];
      client.reader.listen((message) => got.push(message));
      expect(await new Promise((resolve) => client.onClose(resolve))).toBeNull();
      expect(got).toMatchObject([{ params: { n: 0 } }, { params: { n: 1 } }, { params: { n: 2 } }]);
    });

    it('refuses a message over the limit at the sender', async () => {
      const { client } = await framedPair({ maxReceive: 10_000 });
      expect(() => client.write(0, Buffer.alloc(10_001))).toThrow(/10001 bytes/);
      client.write(0, Buffer.alloc(10_000));
    });

    it('a channel ended one way goes on the other way', async () => {
      const { client, server } = await framedPair();
      const got: string[] = [];
      client.setHandler(0, { data: () => {} });
      server.setHandler(0, { data: () => {} });
      const replied = new Promise<void>((resolve) => {
        client.setHandler(3, {
          data: (payload) => got.push(payload.toString()),
          end: () => {
            got.push('client: end');
            resolve();
          },
        });
      });
      server.setHandler(3, {
        data: (payload) => got.push(payload.toString()),
        end: () => {
          server.write(3, Buffer.from('answer'));
          server.end(3);
        },
      });
      client.write(3, Buffer.from('question'));
      client.end(3);
      await replied;
      expect(got).toEqual(['question', 'answer', 'client: end']);
    });

    it('tells an end from a cut', async () => {
      const ended = await framedPair();
      ended.client.setHandler(0, { data: () => {} });
      ended.server.close(connectionErrors.serverEnded());
      expect((await closed(ended.client))?.code).toBe('SERVER_ENDED');
      await Promise.all([ended.client.ended, ended.server.ended]);

      const left = await framedPair();
      left.server.setHandler(0, { data: () => {} });
      left.client.close();
      expect(await closed(left.server)).toBeNull();

      const cut = await framedPair();
      cut.client.setHandler(0, { data: () => {} });
      cut.server.destroy();
      expect((await closed(cut.client))?.code).toBe('LINK_LOST');
    });

    it('holds a sender back while the reader is slow, and loses nothing', async () => {
      const { client, server } = await framedPair();
      const atClient = sink(client);
      client.pause();
      const total = 48 << 20;
      let poured = false;
      const pouring = pour(server, total, 1 << 20).then(() => {
        poured = true;
      });
      // As long as the system takes more, the sender may go on; it must stop far below the total.
      for (let last = -1; last !== server.pendingBytes || last === 0; ) {
        last = server.pendingBytes;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      expect(poured).toBe(false);
      expect(server.pendingBytes).toBeLessThan(4 << 20);
      client.resume();
      await Promise.all([pouring, atClient.until(total)]);
      expect(atClient.wrong()).toBe(0);
    });

    it('is cancelled while connecting, before the answer, and while the password is asked', async () => {
      const at = await place();
      await at.listen((connection) => cleanups.push(() => connection.stream.destroy()));
      expect(await code(at.connect(AbortSignal.abort()))).toBe('CANCELLED');
      const controller = new AbortController();
      const connection = await at.connect(never);
      const unanswered = connectHello(connection, {
        kind: 'debugger',
        version: 1,
        identity: clientIdentity,
        getPassword: async () => null,
        signal: controller.signal,
      });
      controller.abort();
      expect(await code(unanswered)).toBe('CANCELLED');
      expect(connection.stream.destroyed).toBe(true);

      const asking = new AbortController();
      let dismissed = false;
      const verifier = await createVerifier('x', { iterations: 4096 });
      const getPassword = (signal: AbortSignal) => {
        signal.addEventListener('abort', () => {
          dismissed = true;
        });
        asking.abort();
        return new Promise<never>(() => {});
      };
      const { accepting, connecting } = await both({ getPassword, signal: asking.signal }, { verifier });
      expect(await code(connecting)).toBe('CANCELLED');
      expect(await code(accepting)).toBe('LINK_LOST');
      expect(dismissed).toBe(true);
    });

    it('a server that ends during the handshake says so', async () => {
      const ending = new AbortController();
      const verifier = await createVerifier('x', { iterations: 4096 });
      const getPassword = () => {
        ending.abort();
        return new Promise<never>(() => {});
      };
      const { connecting } = await both({ getPassword }, { verifier, signal: ending.signal });
      expect(await code(connecting)).toBe('SERVER_ENDED');
    });
  });
}
