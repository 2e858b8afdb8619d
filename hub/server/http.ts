import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { MAX_MESSAGE } from '../protocol/hub.ts';
import { administrationErrors } from './errors.ts';
import { ConnectionCounts } from './limits.ts';
import { frontPage, invitationPage, type Page, redirect, sendPage, sendText } from './pages.ts';

export interface HttpOptions {
  readonly port: number;
  /** Address; '' every one. */
  readonly bind: string;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly contact: string;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly connected: (socket: WebSocket, address: string) => void;
  /** What the OpenID Connect provider sends the browser back with; null: there is none. */
  readonly callback:
    | ((query: URLSearchParams) => Promise<{ readonly to: string } | { readonly page: Page }>)
    | null;
}

export interface HttpEnd {
  readonly port: number;
  /** Takes no more, and ends when those there are have ended, or after some seconds. */
  close(): Promise<void>;
}

const CLOSE_MS = 3000;

/** The hub's one port. @throws HawserError `PORT_IN_USE`, … */
export async function listenHttps(options: HttpOptions): Promise<HttpEnd> {
  const { cert, key } = options;
  const server = secure(cert, key);
  server.maxConnections = options.maxConnections;
  const counts = new ConnectionCounts(options.maxConnectionsPerAddress);
  server.on('secureConnection', (socket) => {
    const give = counts.take(socket.remoteAddress ?? '');
    if (!give) return socket.destroy();
    socket.once('close', give);
  });
  const web = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    clientTracking: true,
  });
  server.on('request', (request, response) => {
    answer(options, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else sendPage(response, 500, { title: 'That did not work', text: ['Try again in a moment.'] });
    });
  });
  server.on('upgrade', (request, socket, head) => upgrade(options, web, request, socket, head));
  await listening(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const each of web.clients) each.close(1001);
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const each of web.clients) each.terminate();
        server.closeAllConnections();
      }, CLOSE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function secure(cert: string, key: string): Server {
  try {
    return createServer({
      cert,
      key,
      minVersion: 'TLSv1.2',
      // Small questions, quickly asked: who is slow on purpose does not stay.
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5000,
      handshakeTimeout: 10_000,
      maxHeaderSize: 16 * 1024,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw administrationErrors.settings(
      `its certificate or key cannot be used: ${why}`,
      'Give both as PEM files that belong together, with -cert and -key.',
      error,
    );
  }
}

function listening(server: Server, { port, bind }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, bind)));
    server.listen({ port, ...(bind !== '' && { host: bind }) }, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, bind: string) {
  if (error.code === 'EADDRINUSE') return connectionErrors.portInUse(port, port, error);
  if (error.code === 'EADDRNOTAVAIL') return connectionErrors.addressNotAvailable(bind, error);
  if (error.code === 'EACCES') return connectionErrors.portNotPermitted(port, error);
  return connectionErrors.listenFailed(`port ${port}`, error.message, error);
}

async function answer(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nothing here takes a body.
  request.resume();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendText(response, 405, 'Only GET and HEAD.\n');
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://hub');
  if (pathname === '/health') return sendText(response, 200, 'ok\n');
  if (pathname === '/') return sendPage(response, 200, frontPage(options.name, options.contact));
  if (/^\/i\/[A-Za-z0-9_-]{1,256}\/?$/.test(pathname)) return sendPage(response, 200, invitationPage);
  if (pathname === '/oidc/callback' && options.callback) {
    const next = await options.callback(searchParams);
    return 'to' in next ? redirect(response, next.to) : sendPage(response, 200, next.page);
  }
  sendPage(response, 404, { title: 'There is no such page', text: ['Check the address.'] });
}

function upgrade(
  options: HttpOptions,
  web: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const address = request.socket.remoteAddress ?? '';
  // A browser says where its page came from; no page has business here.
  const refused =
    request.url !== '/rpc' ? '404 Not Found' : request.headers.origin !== undefined ? '403 Forbidden' : null;
  if (refused) {
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    return;
  }
  web.handleUpgrade(request, socket, head, (opened) => options.connected(opened, address));
}
