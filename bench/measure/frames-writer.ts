import { parseConnectionString } from '../../transports/connection-string.ts';
import { Framed } from '../../transports/frames/framed.ts';
import { listen } from '../../transports/registry.ts';

/** As the anchor writes it. */
const CHUNK = Buffer.alloc(64 * 1024, 'plain text of a session, to be read by everybody who wants it.\n');

async function feed(framed: Framed, bytes: number): Promise<void> {
  for (let left = bytes; left > 0 && !framed.closed; left -= CHUNK.length)
    if (!framed.write(0, CHUNK.subarray(0, Math.min(left, CHUNK.length)))) await framed.drained();
}

/**
 * The process at the other end of {@link FramesSide}: frames for everybody who has connected, when told how many bytes.
 * @param connection a server's string
 */
export async function serveFrames(connection: string): Promise<void> {
  const everybody = new Set<Framed>();
  const target = parseConnectionString(connection, { role: 'server', backslashes: 'strip' });
  const listener = await listen(target, ({ stream }) => {
    const framed = new Framed(stream);
    framed.setHandler(0, { data: () => undefined });
    framed.onClose(() => everybody.delete(framed));
    everybody.add(framed);
  });
  process.on('disconnect', () => process.exit());
  process.on('message', ({ bytes }: { bytes: number }) => {
    for (const framed of everybody) void feed(framed, bytes);
  });
  process.send?.('port' in listener.bound ? (listener.bound.port as { low: number }).low : 0);
}
