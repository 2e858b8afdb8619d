import { connectResuming, displayConnection } from '../../../engine/client/remote.ts';
import type { LinkStatus, Resumer } from '../../../engine/client/resumer.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { Identity } from '../../../transports/hello/messages.ts';

/** A connection as it was asked for; with the password, so it never leaves the main process nor is it written. */
export interface RemoteRequest {
  readonly connection: string;
  readonly password: string | undefined;
}

/** The string as it is shown and kept. @throws HawserError for what is wrong with it */
export const withoutPassword = displayConnection;

/** @throws HawserError; `PASSWORD_NEEDED` when the server wants one and none was given */
export function connect(
  identity: Identity,
  request: RemoteRequest,
  signal: AbortSignal,
  status: (status: LinkStatus) => void,
  notice: (text: string) => void,
): Promise<Resumer> {
  return connectResuming(request.connection, {
    identity,
    signal,
    status,
    notice,
    getPassword: async () => {
      if (request.password === undefined) throw connectionErrors.passwordNeeded();
      return request.password;
    },
  });
}
