import { connectResuming, displayConnection } from '../../../engine/client/remote.ts';
import type { LinkStatus, Resumer } from '../../../engine/client/resumer.ts';
import { KdServerLink } from '../../../engine/kernel/wire/client/kdsrv.ts';
import { connectKernel } from '../../../engine/kernel/wire/connect.ts';
import { findOffers } from '../../../engine/kernel/wire/server/offers.ts';
import { formatWire, parseWire } from '../../../engine/kernel/wire/wire-string.ts';
import { connectStub } from '../../../engine/stub/connect.ts';
import type { Stub } from '../../../engine/stub/stub.ts';
import { parseConnectionString } from '../../../transports/connection-string.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import type { Identity } from '../../../transports/hello/messages.ts';
import type { MachineWires, RequestArgs } from '../../ipc/contract.ts';

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
    getPassword: () => passwordOf(request),
  });
}

/** The same for a wire to a kernel. @throws HawserError for what is wrong with it */
export const wireWithoutPassword = (text: string, backslashes: 'strip' | 'refuse'): string =>
  formatWire(parseWire(text, { backslashes }));

/** Wires that a machine seems to have. @throws HawserError as reaching a KD connection server does */
export async function machineWires(
  identity: Identity,
  { server, password }: RequestArgs<'kernel/wires'>,
  signal: AbortSignal,
): Promise<MachineWires> {
  if (server === null) {
    const offers = await findOffers();
    return { machine: identity.host, wires: offers.map((offer) => ({ ...offer, takenBy: null })) };
  }
  const { program, version } = identity;
  const target = parseConnectionString(server, { role: 'client', backslashes: 'refuse' });
  const getPassword = () => passwordOf({ connection: server, password: password || undefined });
  const link = await KdServerLink.connect(target, { signal, program, version, getPassword });
  try {
    return { machine: link.machineName, wires: await link.offers() };
  } finally {
    await link.close();
  }
}

export interface ReachStubOptions {
  /** The request's string is a wire to a kernel. */
  readonly kernel?: boolean | undefined;
  readonly request: RemoteRequest;
  readonly signal: AbortSignal;
  readonly backslashes: 'strip' | 'refuse';
  readonly notice: (text: string) => void;
}

/** @throws HawserError; `PASSWORD_NEEDED` when the server wants one and none was given */
export function reachStub(identity: Identity, options: ReachStubOptions): Promise<Stub> {
  const { request, kernel, ...rest } = options;
  const { program, version } = identity;
  return (kernel ? connectKernel : connectStub)(request.connection, {
    ...rest,
    program,
    version,
    getPassword: () => passwordOf(request),
  });
}

async function passwordOf({ password }: RemoteRequest): Promise<string> {
  if (password === undefined) throw connectionErrors.passwordNeeded();
  return password;
}
