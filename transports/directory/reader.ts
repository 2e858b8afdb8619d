import { connectionErrors } from '../errors/connection-errors.ts';
import type { HawserError } from '../errors/error.ts';
import type { LineSocket } from './line-socket.ts';
import { anyRequest, DIRECTORY_VERSION, type DirectoryRequest, request } from './messages.ts';
import { RateLimiter } from './rate.ts';

/** Reads requests. What is none is dropped without a word; what is one and cannot be answered is refused with the reason. */
export class RequestReader {
  readonly #strangers = new RateLimiter(20, 5);
  /** All owners of a machine come at once when their directory has gone. */
  readonly #locals = new RateLimiter(1_000, 200);

  /** @returns null when the caller was dropped or refused */
  read(message: unknown, line: LineSocket, address: string, local: boolean): DirectoryRequest | null {
    const any = anyRequest.safeParse(message);
    const read = request.safeParse(message);
    if (!any.success || (any.data.version === DIRECTORY_VERSION && !read.success)) {
      line.destroy();
      return null;
    }
    if (!read.success || read.data.version !== DIRECTORY_VERSION)
      return refuse(line, connectionErrors.versionMismatch(any.data.version, DIRECTORY_VERSION));
    // An owner's answers were asked for.
    const asked = read.data.request === 'alive' || read.data.request === 'relay';
    if (!asked && !(local ? this.#locals : this.#strangers).allows(address))
      return refuse(line, connectionErrors.tooManyRequests());
    return read.data;
  }
}

export function refuse(line: LineSocket, error: HawserError): null {
  line.send({ hawser: 'refused', version: DIRECTORY_VERSION, error: error.toWire() });
  line.end();
  return null;
}
