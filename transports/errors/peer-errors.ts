import type { HawserError } from './error.ts';
import { make, seconds } from './make.ts';

/** The kinds of server, as a hello names them. */
export type ServerKind = 'debugger' | 'process' | 'kd' | 'remote';

const kindNames: Readonly<Record<ServerKind | 'stub', string>> = {
  debugger: 'debugging server',
  process: 'process server',
  kd: 'KD connection server',
  remote: 'Remote.exe server',
  stub: 'bare stub',
};

const kindActions: Readonly<Record<ServerKind | 'stub', string>> = {
  debugger: 'Use File, Connect to Remote Session (console: -remote) for it.',
  process: 'Use File, Connect to Remote Stub (console: -premote) for it.',
  kd: 'Use File, Connect to Remote Stub (console: -k kdsrv:server=@{…}) for it.',
  remote: 'Use hawser remote /c SERVER NAME for it.',
  stub: 'Use File, Connect to Remote Stub (console: -premote gdb:…) for it.',
};

/** What a peer's first bytes look like, to be named in messages and logs. */
export type PeerLooks =
  | 'HTTP'
  | 'TLS'
  | 'SSH'
  | 'gdbserver'
  | 'SMTP'
  | 'FTP'
  | 'RPC'
  | 'RDP'
  | 'SMB'
  /** It sent nothing before it closed. */
  | 'closed'
  | 'unknown';

const looksText: Readonly<Record<PeerLooks, string>> = {
  HTTP: 'it speaks HTTP',
  TLS: 'it speaks TLS',
  SSH: 'it is an SSH server',
  gdbserver: 'it is a GDB stub such as gdbserver',
  SMTP: 'it is a mail server (SMTP)',
  FTP: 'it is an FTP server',
  RPC: 'it speaks DCE RPC (Windows)',
  RDP: 'it speaks Remote Desktop',
  SMB: 'it speaks SMB (Windows file sharing)',
  closed: 'it closes the connection without an answer',
  unknown: 'what it sends is in no protocol that Hawser knows',
};

const looksAction: Readonly<Partial<Record<PeerLooks, string>>> = {
  gdbserver: 'Use File, Connect to Remote Stub (console: -premote) for it: gdb:server=HOST,port=PORT.',
  TLS: 'If it is a Hawser server with a certificate, use ssl: instead of tcp:.',
  RPC: "If it is WinDbg's own server: its protocol is closed; start a Hawser server there.",
};

/** What shows that `clicon=` is at one end only. */
export type CliconFound = 'listens' | 'client' | 'server' | 'caller';

const cliconText: Readonly<Record<CliconFound, string>> = {
  listens: 'is a server that listens and does not call: it was started without clicon=.',
  client: 'is a debugging client too: one end waits with clicon=, the other has called it with server=.',
  server:
    'took the call and said nothing: it is a server that listens, not a client that waits with clicon=.',
  caller:
    'begins TLS as who calls does, and so does this end: through a repeater too, ssl: needs clicon= at both ends or at neither.',
};

/** What answered was not the server that was wanted, or did not let us in. */
export const peerErrors = {
  notAHawserServer(peer: string, looks: PeerLooks): HawserError {
    return make(
      'NOT_A_HAWSER_SERVER',
      `What answers at ${peer} is not a Hawser server: ${looksText[looks]}.`,
      looksAction[looks] ?? 'Check the port: a Hawser server prints it when it starts.',
      { peer, looks },
    );
  },

  /** A server's own, for its log: whoever called did not begin with a hello. */
  notAHawserClient(peer: string, looks: PeerLooks | 'silent'): HawserError {
    const what = looks === 'silent' ? 'it sent nothing' : looksText[looks];
    return make('NOT_A_HAWSER_CLIENT', `Dropped ${peer}, which is not a Hawser client: ${what}.`, '', {
      peer,
      looks,
    });
  },

  noAnswer(peer: string, afterMs: number): HawserError {
    return make(
      'NO_ANSWER',
      `${peer} took the connection but did not answer within ${seconds(afterMs)}: it is no Hawser server, or it hangs.`,
      'Check the port, and whether the server at the other end still reacts.',
      { peer, afterMs },
    );
  },

  /** Versions are the protocol's numbers; the programs' own names are added where known. */
  versionMismatch(client: number, server: number): HawserError {
    return make(
      'VERSION_MISMATCH',
      `The client is not using same version of remoting protocol as the server: the client speaks version ${client}, the server version ${server}.`,
      client < server ? "Update Hawser on the client's machine." : "Update Hawser on the server's machine.",
      { client, server },
    );
  },

  /** `stub`: what `gdb:` leads to. */
  wrongKind(wanted: ServerKind, is: ServerKind | 'stub'): HawserError {
    return make('WRONG_KIND', `This is a ${kindNames[is]}, not a ${kindNames[wanted]}.`, kindActions[is], {
      wanted,
      is,
    });
  },

  /** `clicon=` at one end only. */
  cliconMismatch(peer: string, found: CliconFound, cause?: unknown): HawserError {
    return make(
      'CLICON_MISMATCH',
      `${peer} ${cliconText[found]}`,
      'Give clicon= at both ends, or at neither.',
      { peer, found },
      cause,
    );
  },

  /** The server wants a password and there is nobody, or nothing, to ask for it. */
  passwordNeeded(): HawserError {
    return make(
      'PASSWORD_NEEDED',
      'The server asks for a password and none was given.',
      'Give it with password=… in the connection string, or where you are asked for it.',
    );
  },

  /** The text has WinDbg's number in it, as its users know it. */
  wrongPassword(): HawserError {
    return make(
      'WRONG_PASSWORD',
      'Error 0x80004005: the password is wrong.',
      'Check the password; it is case-sensitive.',
    );
  },

  /** The server could not show that it knows the password: somebody sits in its place, or between. */
  serverNotProved(): HawserError {
    return make(
      'SERVER_NOT_PROVED',
      'The server did not prove that it knows the password, so it may not be the server it seems to be.',
      'Check the address, and whether anything stands between; the password was not given away.',
    );
  },

  tooManyAttempts(retryAfterMs: number): HawserError {
    return make(
      'TOO_MANY_ATTEMPTS',
      'Too many wrong passwords came from this address.',
      `Wait ${seconds(retryAfterMs)} and try again.`,
      { retryAfterMs },
    );
  },

  tooManyConnections(limit: number): HawserError {
    return make(
      'TOO_MANY_CONNECTIONS',
      `The server takes no more connections: its limit of ${limit} is reached.`,
      'Try again when somebody has left.',
      { limit },
    );
  },
} as const;
