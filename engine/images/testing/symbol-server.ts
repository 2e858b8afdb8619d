import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on loopback that has files of a folder under their paths, as debuginfod has them. */
export interface TestServer {
  readonly url: string;
  readonly host: string;
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** What it does instead of sending the file. */
  answer: Answer | null;
  close(): Promise<void>;
}

export async function serveFolder(folder: string): Promise<TestServer> {
  const asked: TestServer['asked'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    if (running.answer) running.answer(request, response);
    else sendFile(join(folder, path), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running: TestServer = {
    url: `http://${host}`,
    host,
    asked,
    answer: null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return running;
}

export function sendFile(path: string, response: ServerResponse, gzip = false): void {
  if (!existsSync(path)) {
    response.writeHead(404).end('not found');
    return;
  }
  const { size } = statSync(path);
  if (gzip) {
    response.writeHead(200, { 'content-encoding': 'gzip', 'x-debuginfod-size': `${size}` });
    createReadStream(path).pipe(createGzip()).pipe(response);
  } else {
    response.writeHead(200, { 'content-length': `${size}` });
    createReadStream(path).pipe(response);
  }
}
