import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import { Framed, type FramedOptions } from '../frames/framed.ts';
import type { Connection } from '../transport.ts';

/**
 * The handshake's side of a framed connection: one JSON message is read when it is waited for, and nothing else is
 * touched, so that whatever follows the handshake is there for who comes next.
 */
export class HelloLine {
  readonly framed: Framed;
  readonly #signal: AbortSignal;

  constructor(connection: Connection, maxBytes: number, options: FramedOptions, signal: AbortSignal) {
    this.framed = new Framed(connection.stream, { ...options, maxReceive: maxBytes });
    this.framed.quiet = true;
    this.#signal = signal;
  }

  send(message: object): void {
    this.framed.write(0, Buffer.from(JSON.stringify(message)));
  }

  /**
   * The next message, as parsed JSON.
   * @throws HawserError: what closed the connection, `CANCELLED`, `PROTOCOL_VIOLATION` when it is not JSON, or what
   * `late` makes when `ms` have passed.
   */
  async receive(ms: number, late: () => HawserError): Promise<unknown> {
    const payload = await this.guard(
      new Promise<Buffer>((resolve, reject) => {
        this.framed.setHandler(0, {
          data: (bytes) => {
            this.framed.setHandler(0, null);
            resolve(bytes);
          },
          end: () => reject(connectionErrors.protocolViolation('channel 0 was ended')),
        });
      }),
      ms,
      late,
    );
    try {
      return JSON.parse(payload.toString('utf8'));
    } catch (error) {
      throw connectionErrors.protocolViolation('a message is not JSON', error);
    }
  }

  /** Waits for a promise no longer than the connection lives, the caller wants, and the time allows. */
  guard<T>(promise: Promise<T>, ms: number, late: () => HawserError): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', cancel);
        forget();
        settle();
      };
      const cancel = () => finish(() => reject(connectionErrors.cancelled()));
      const timer = setTimeout(() => finish(() => reject(late())), ms);
      const forget = this.framed.onClose((reason) =>
        finish(() => reject(reason ?? connectionErrors.linkLost('the other end left'))),
      );
      this.#signal.addEventListener('abort', cancel, { once: true });
      if (this.#signal.aborted) cancel();
      promise.then(
        (value) => finish(() => resolve(value)),
        (error) => finish(() => reject(error)),
      );
    });
  }

  /** The handshake is over: the connection is the caller's. */
  release(limits: { readonly maxReceive: number; readonly maxSend: number }): Framed {
    this.framed.limits = limits;
    this.framed.quiet = false;
    return this.framed;
  }
}

/** Whether bytes came that are no frames of ours, or frames that make no sense. */
export function isGibberish(error: unknown): boolean {
  return (
    error instanceof HawserError && (error.code === 'FRAME_TOO_LARGE' || error.code === 'PROTOCOL_VIOLATION')
  );
}
