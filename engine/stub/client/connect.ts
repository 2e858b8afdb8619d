import { type ClientString, formatConnectionString } from '../../../transports/connection-string.ts';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import type { Framed } from '../../../transports/frames/framed.ts';
import { DEFAULT_KEEP_ALIVE } from '../../../transports/frames/keep-alive.ts';
import { connectHello } from '../../../transports/hello/client.ts';
import { connect } from '../../../transports/registry.ts';
import { Secret } from '../../../transports/secret.ts';
import { localIdentity } from '../../client/local-identity.ts';
import { PROTOCOL_VERSION } from '../../protocol/session.ts';
import type { ConnectStubOptions, Stub } from '../stub.ts';
import { StubLink } from './link.ts';
import { ProcessServer } from './process-server.ts';

/**
 * Reaches a process server.
 * @throws HawserError told apart: the way there, the peer, the password, `CANCELLED`
 */
export async function connectProcessServer(target: ClientString, options: ConnectStubOptions): Promise<Stub> {
  const link = await openStubLink('process', target, options);
  return new ProcessServer(link, formatConnectionString(target, { password: 'omit' }));
}

/** The link to a process server, or a KD connection server. @throws HawserError as {@link connectProcessServer} */
export function openStubLink(
  kind: 'process' | 'kd',
  target: ClientString,
  options: ConnectStubOptions,
): Promise<StubLink> {
  const password = passwordOf(target, options);
  return StubLink.open({
    signal: options.signal,
    connect: (resume, signal) => reach(target, options, { kind, password, resume, signal }),
  });
}

interface Attempt {
  readonly kind: 'process' | 'kd';
  readonly password: (signal: AbortSignal) => Promise<Secret>;
  readonly resume: string | undefined;
  readonly signal: AbortSignal;
}

async function reach(target: ClientString, options: ConnectStubOptions, attempt: Attempt): Promise<Framed> {
  const { kind, signal, resume } = attempt;
  if (signal.aborted) throw connectionErrors.cancelled();
  const { notice } = options;
  const connection = await connect(target, { signal, ...(notice && { notice }) });
  const { framed } = await connectHello(connection, {
    kind,
    version: PROTOCOL_VERSION,
    identity: localIdentity(options.program, options.version),
    getPassword: attempt.password,
    signal,
    framed: { keepAlive: DEFAULT_KEEP_ALIVE },
    ...(resume !== undefined && { resume }),
  });
  return framed;
}

/** What a person typed is kept, for when the link is lost: nobody is asked twice. */
function passwordOf(target: ClientString, options: ConnectStubOptions) {
  let known = target.password instanceof Secret ? target.password : null;
  return async (signal: AbortSignal): Promise<Secret> => {
    known ??= new Secret(await options.getPassword(signal));
    return known;
  };
}
