import { createServer } from 'node:net';
import { PORT_VARIABLE } from '../port.ts';

/** A port for a test's own directory, below those that systems give to outgoing connections. */
export async function privatePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Makes it the directory of this process. @returns the port */
export async function usePrivatePort(): Promise<number> {
  const port = await privatePort();
  process.env[PORT_VARIABLE] = String(port);
  return port;
}
