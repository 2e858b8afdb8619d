import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { SignedIn } from '../protocol/hub.ts';
import { hubClientErrors } from './errors.ts';
import type { HubConnection } from './hub-connection.ts';

export interface BrowserSignInOptions {
  /** Opens the address in a browser of this computer. */
  readonly show: (url: string) => void | Promise<void>;
  readonly signal?: AbortSignal;
  /** Milliseconds for the person. Default ten minutes. */
  readonly timeout?: number;
}

const BASE = 'http://127.0.0.1';
const TIMEOUT_MS = 10 * 60_000;

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Hawser</title>
<style>body{font:16px system-ui;margin:4em auto;max-width:30em;color-scheme:light dark}</style>
<p>You can close this page and go back to Hawser.</p></html>`;

/**
 * Signs in through the hub's OpenID Connect provider. The browser, which must be of this computer, brings the code to a port
 * of its own that is open on loopback meanwhile.
 * @throws HawserError `SIGN_IN_LATE`, `SIGN_IN_REFUSED`, `CANCELLED`, the hub's
 */
export async function signInByBrowser(
  connection: HubConnection,
  options: BrowserSignInOptions,
): Promise<SignedIn> {
  const late = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
  const signal = AbortSignal.any([late, ...(options.signal ? [options.signal] : [])]);
  const door = await openDoor(signal, () =>
    options.signal?.aborted ? connectionErrors.cancelled() : hubClientErrors.signInPageLate(),
  );
  try {
    const { url, ticket } = await connection.request(
      'account/oidcStart',
      { loopback: door.port },
      { signal },
    );
    await options.show(url);
    const code = await door.code;
    return await connection.request('account/oidcFinish', { ticket, code }, { signal });
  } finally {
    door.close();
  }
}

interface Door {
  readonly port: number;
  readonly code: Promise<string>;
  close(): void;
}

function openDoor(signal: AbortSignal, ended: () => Error): Promise<Door> {
  return new Promise((opened, failed) => {
    let take = (_code: string) => {};
    let refuse = (_error: Error) => {};
    const code = new Promise<string>((resolve, reject) => {
      take = resolve;
      refuse = reject;
    });
    code.catch(() => undefined);
    const server = createServer((request, response) => {
      const target = request.url ?? '/';
      // Any page of this computer can ask here, for what is no address too (`//`).
      if (!URL.canParse(target, BASE)) return answer(response, 404, 'Not found');
      const { pathname, searchParams } = new URL(target, BASE);
      const given = searchParams.get('code');
      const error = searchParams.get('error');
      if (pathname !== '/' || (given === null && error === null)) return answer(response, 404, 'Not found');
      answer(response, 200, PAGE);
      if (given === null) refuse(hubClientErrors.signInRefused(String(error).slice(0, 200)));
      else take(given);
    });
    const abort = () => refuse(ended());
    const close = () => {
      signal.removeEventListener('abort', abort);
      server.close();
      // The page may still be on its way; a browser holds connections that it does not use.
      setTimeout(() => server.closeAllConnections(), 1000).unref();
    };
    server.once('error', (error) => failed(connectionErrors.listenFailed('127.0.0.1', error.message, error)));
    server.listen(0, '127.0.0.1', () => {
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      opened({ port: (server.address() as AddressInfo).port, code, close });
    });
  });
}

function answer(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(page);
}
