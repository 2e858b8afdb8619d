import { PROTOCOL_VERSION } from '../../engine/protocol/session.ts';
import { parseConnectionString } from '../../transports/connection-string.ts';
import type { Framed } from '../../transports/frames/framed.ts';
import { connectHello } from '../../transports/hello/client.ts';
import { connect } from '../../transports/registry.ts';

/** Events' messages begin so; the number of the first event follows. */
const FIRST_SEQ = '{"jsonrpc":"2.0","method":"session/events","params":{"events":[{"seq":'.length;
const DIGITS = 16;
const COMMAND_DONE = '"type":"commandDone"';
const WINDOW = 2 * 1024 * 1024;

/** How many commands end in a message. */
function endsIn(payload: Buffer): number {
  let count = 0;
  for (let at = payload.indexOf(COMMAND_DONE); at >= 0; at = payload.indexOf(COMMAND_DONE, at + 1)) count++;
  return count;
}

/**
 * A client that takes events in and acknowledges them, but does not decode them: fifty real clients would sit on
 * fifty machines, and here the measured thing is the session. It acknowledges
 * what came before a message, an eighth of its window at a time.
 */
export class Reader {
  readonly #framed: Framed;
  bytes = 0;
  #done: (() => void) | null = null;
  #requests = 0;
  #awaited = 0;
  #acknowledged = 0;

  private constructor(framed: Framed) {
    this.#framed = framed;
    framed.setHandler(0, { data: (payload) => this.#take(payload) });
  }

  static async join(connection: string): Promise<Reader> {
    const signal = new AbortController().signal;
    const target = parseConnectionString(connection, { role: 'client', backslashes: 'strip' });
    const { framed } = await connectHello(await connect(target, { signal }), {
      kind: 'debugger',
      version: PROTOCOL_VERSION,
      identity: { host: 'bench', user: 'reader', program: 'bench', version: '0' },
      getPassword: () => Promise.resolve(null),
      signal,
    });
    const reader = new Reader(framed);
    reader.request('session/attach', { after: 0, window: WINDOW });
    return reader;
  }

  request(method: string, params: object): void {
    this.#send({ id: ++this.#requests, method, params });
  }

  /** Resolves at the end of the last of so many commands. */
  commandsDone(count: number): Promise<void> {
    this.#awaited = count;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  /** Reads no more, and acknowledges nothing. */
  stall(): void {
    this.#framed.pause();
  }

  resume(): void {
    this.#framed.resume();
  }

  leave(): void {
    this.#framed.destroy();
  }

  #take(payload: Buffer): void {
    this.bytes += payload.length;
    if (payload[FIRST_SEQ - 2] !== 0x22 || payload[FIRST_SEQ - 1] !== 0x3a) return;
    if (this.bytes - this.#acknowledged >= WINDOW / 8) {
      this.#acknowledged = this.bytes;
      const first = Number.parseInt(payload.toString('latin1', FIRST_SEQ, FIRST_SEQ + DIGITS), 10);
      this.#send({ method: 'session/ack', params: { seq: first - 1 } });
    }
    if (!this.#done) return;
    this.#awaited -= endsIn(payload);
    if (this.#awaited > 0) return;
    this.#done();
    this.#done = null;
  }

  #send(message: object): void {
    this.#framed.write(0, Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })));
  }
}
