import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { signInByBrowser } from './browser-sign-in.ts';
import type { HubConnection } from './hub-connection.ts';

/** What a port answers to a request line. */
function ask(port: number, target: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n`),
    );
    let said = '';
    socket.on('data', (bytes) => {
      said += String(bytes);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

it('the port that waits for the browser outlasts what any page asks of it, and takes the code', async () => {
  const asked: unknown[] = [];
  let port = 0;
  const connection = {
    request: async (name: string, params: { loopback?: number }) => {
      asked.push([name, params]);
      if (name !== 'account/oidcStart') return { kind: 'person' };
      port = params.loopback ?? 0;
      return { url: 'https://id.example/authorize', ticket: 't' };
    },
  } as unknown as HubConnection;
  const signedIn = signInByBrowser(connection, {
    show: async () => {
      for (const target of ['//', '/rpc', '/?other=1', 'http://%', '*', '/favicon.ico'])
        expect(await ask(port, target), target).toMatch(/^HTTP\/1\.1 40[04]/);
      await ask(port, '/?code=the-code');
    },
  });
  expect(await signedIn).toEqual({ kind: 'person' });
  expect(asked.at(-1)).toEqual(['account/oidcFinish', { ticket: 't', code: 'the-code' }]);
});
