import {
  type ClientString,
  formatConnectionString,
  parseConnectionString,
} from '../../transports/connection-string.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { DEFAULT_KEEP_ALIVE } from '../../transports/frames/keep-alive.ts';
import { connectHello } from '../../transports/hello/client.ts';
import type { Identity } from '../../transports/hello/messages.ts';
import { jsonLink } from '../../transports/json-link.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { connect } from '../../transports/registry.ts';
import { Secret } from '../../transports/secret.ts';
import { PROTOCOL_VERSION } from '../protocol/session.ts';
import { Resumer, type ResumerOptions } from './resumer.ts';

export interface ConnectRemoteOptions {
  readonly identity: Identity;
  readonly signal: AbortSignal;
  /**
   * Called when the server wants a password and the string has none; rejecting it ends the attempt.
   * The signal fires when the attempt ends before the answer is there.
   */
  readonly getPassword: (signal: AbortSignal) => Promise<string>;
  /** Hears what a person should know meanwhile: that a server is waited for, that a certificate is about to expire. */
  readonly notice?: (text: string) => void;
  /** `refuse` where WinDbg's dialog does; by default leading backslashes of the host are taken off. */
  readonly backslashes?: 'strip' | 'refuse';
}

/** Where a connection string leads, without its password: what may be shown and kept. */
export function displayConnection(text: string, backslashes: 'strip' | 'refuse' = 'strip'): string {
  return formatConnectionString(parseConnectionString(text, { role: 'client', backslashes }), {
    password: 'omit',
  });
}

/**
 * Joins a session through its debugging server.
 * @throws HawserError told apart: the string, the way there, the peer, the password, `CANCELLED`
 */
export async function connectRemote(text: string, options: ConnectRemoteOptions): Promise<MessageLink> {
  const target = parseConnectionString(text, { role: 'client', backslashes: options.backslashes ?? 'strip' });
  return reach(target, options);
}

async function reach(
  target: ClientString,
  options: ConnectRemoteOptions,
  resume?: string,
): Promise<MessageLink> {
  if (options.signal.aborted) throw connectionErrors.cancelled();
  if (target.protocol === 'gdb') throw connectionErrors.wrongKind('debugger', 'stub');
  const connection = await connect(target, {
    signal: options.signal,
    ...(options.notice && { notice: options.notice }),
  });
  const { framed } = await connectHello(connection, {
    kind: 'debugger',
    version: PROTOCOL_VERSION,
    identity: options.identity,
    getPassword: passwordOf(target, options),
    signal: options.signal,
    framed: { keepAlive: DEFAULT_KEEP_ALIVE },
    ...(resume !== undefined && { resume }),
  });
  return jsonLink(framed);
}

/** As `connectRemote`, with a link that is made anew when it is lost. */
export async function connectResuming(
  text: string,
  options: ConnectRemoteOptions & Pick<ResumerOptions, 'status'>,
): Promise<Resumer> {
  const target = parseConnectionString(text, { role: 'client', backslashes: options.backslashes ?? 'strip' });
  const first = await connectRemote(text, options);
  return new Resumer(first, {
    status: options.status,
    connect: (resume, signal) => reach(target, { ...options, signal }, resume),
  });
}

function passwordOf(target: ClientString, options: ConnectRemoteOptions) {
  const { password } = target;
  return async (signal: AbortSignal): Promise<Secret> =>
    password instanceof Secret ? password : new Secret(await options.getPassword(signal));
}
