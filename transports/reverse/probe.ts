import { Framed } from '../frames/framed.ts';
import { MAX_ANSWER_BYTES, refused } from '../hello/messages.ts';
import { connectTcp } from '../tcp-connect.ts';

const PATIENCE_MS = 3_000;

/** Of no version: whatever server reads it says that it is a Hawser server, and refuses. */
const HELLO = JSON.stringify({ hawser: 'hello', protocol: 0 });

/** Whether a Hawser server listens there, which was expected to call. Never rejects. */
export async function listensInstead(server: string, port: number, signal: AbortSignal): Promise<boolean> {
  const to = { role: 'client', server, port } as const;
  const socket = await connectTcp(to, { signal, timeoutMs: PATIENCE_MS }).catch(() => null);
  if (!socket) return false;
  const framed = new Framed(socket, { maxReceive: MAX_ANSWER_BYTES });
  framed.quiet = true;
  return new Promise<boolean>((resolve) => {
    const end = (found: boolean) => {
      clearTimeout(timer);
      resolve(found);
      framed.destroy();
    };
    const timer = setTimeout(() => end(false), PATIENCE_MS);
    signal.addEventListener('abort', () => end(false), { once: true });
    framed.onClose(() => end(false));
    framed.setHandler(0, { data: (payload) => end(isRefusal(payload)) });
    framed.write(0, Buffer.from(HELLO));
  });
}

function isRefusal(payload: Buffer): boolean {
  try {
    return refused.safeParse(JSON.parse(payload.toString('utf8'))).success;
  } catch {
    return false;
  }
}
