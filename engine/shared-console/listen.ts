import { hostname } from 'node:os';
import type { ServerString } from '../../transports/connection-string.ts';
import { listingOf, openRelay, type Registered, registerServer } from '../../transports/directory/index.ts';
import { HawserError } from '../../transports/errors/error.ts';
import { openServer } from '../../transports/server.ts';
import { localIdentity } from '../client/local-identity.ts';
import { PROTOCOL_VERSION } from '../protocol/session.ts';
import { openDoors } from './doors.ts';
import { sharedConsoleErrors } from './errors.ts';
import { type SharingCertificate, serverString } from './pipe-string.ts';
import type { SharedConsole } from './shared-console.ts';
import type { Principal } from './users.ts';

export interface SharingOptions {
  readonly name: string;
  readonly command: string;
  readonly version: string;
  readonly console: SharedConsole;
  /** Others than this user. */
  readonly allowed: readonly Principal[];
  readonly denied: readonly Principal[];
  /** Whether `/q` shows it; one that it does not show can be joined all the same. */
  readonly visible: boolean;
  /** Lets other machines in, through this one's directory. */
  readonly password: string | undefined;
  /** As the password does, and whoever has its key comes in. */
  readonly certificate: SharingCertificate | null;
  readonly trouble: (text: string) => void;
}

export interface Sharing {
  close(): Promise<void>;
}

/** Puts a shared console behind its name. @throws HawserError (the name is taken, …) */
export async function shareConsole(options: SharingOptions): Promise<Sharing> {
  const { name, console, version, allowed, denied } = options;
  const target = serverString(options);
  const running = await openServer(target, {
    kind: 'remote',
    version: PROTOCOL_VERSION,
    identity: localIdentity('hawser remote', version),
    accept: (link, { client }, peer) => console.join(link, who(client, peer)),
    refused: (error, peer) => {
      if (error.code !== 'LINK_LOST' && error.code !== 'CANCELLED')
        options.trouble(`Refused ${peer}. ${error.message}`);
    },
  }).catch((error: unknown) => {
    const taken = error instanceof HawserError && error.code === 'PIPE_IN_USE';
    throw taken ? sharedConsoleErrors.nameTaken(name) : error;
  });
  const doors =
    allowed.length === 0
      ? null
      : await openDoors(target.pipe, allowed, denied, (socket, as) =>
          running.adopt?.(socket, as.kind === 'user' ? as.name : `${as.kind} ${as.name}`),
        ).catch(async (error: unknown) => {
          await running.close();
          throw error;
        });
  const registered = register(options, target.pipe, running.bound, running.adopt);
  return {
    close: async () => {
      await Promise.all([running.close(), doors?.close(), registered?.close()]);
    },
  };
}

/** Who came through a door is who the door is for, whatever they call themselves. */
function who(client: { readonly host: string; readonly user: string }, peer: string) {
  const door = / from ([^\s:]+)$/.exec(peer)?.[1];
  const isAddress = door === undefined || /^[\d.]+$/.test(door) || door.includes(':');
  return isAddress ? client : { host: hostname(), user: door };
}

function register(
  { command, version, trouble, visible }: SharingOptions,
  pipe: string,
  bound: ServerString,
  adopt: ((stream: never, from: string) => void) | undefined,
): Registered | null {
  const listing = listingOf(bound);
  if (!listing) return null;
  const { user } = localIdentity('', version);
  const open = (caller: string) => openRelay(caller, (socket) => adopt?.(socket as never, caller));
  return registerServer({
    server: {
      kind: 'remote',
      ...listing,
      user,
      program: printable(command),
      started: Date.now(),
      ...(!visible && { unlisted: true }),
    },
    trouble,
    pipe: { name: pipe, open },
  });
}

const printable = (text: string) => text.replace(/\p{C}/gu, ' ').slice(0, 128);
