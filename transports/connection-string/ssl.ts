import {
  type CertificateUse,
  certificateParameters,
  commonOf,
  finishCertificate,
  writeCertificate,
} from './certificates.ts';
import type { ProtocolRow } from './protocol-row.ts';
import {
  clientOfSocket,
  finishSocket,
  type SocketClient,
  type SocketServer,
  socketParameters,
  writeSocket,
} from './sockets.ts';

/** `ssl:proto=tls1,{certuser=|machuser=}NAME,port=5005[,hidden][,password=…]`, or with `clicon=CLIENT` */
export interface SslServerString extends SocketServer, CertificateUse {
  readonly protocol: 'ssl';
}

/** `ssl:proto=tls1,{certuser=|machuser=}NAME,server=HOST,port=5005[,password=…]`, or `clicon=SERVER` */
export interface SslClientString extends SocketClient, CertificateUse {
  readonly protocol: 'ssl';
}

const parameters = { ...certificateParameters, ...socketParameters };

export const sslRow: ProtocolRow<typeof parameters, SslServerString, SslClientString> = {
  protocol: 'ssl',
  parameters,
  finish: (read, role) => ({ protocol: 'ssl', ...finishCertificate(read), ...finishSocket(read, role) }),
  write: (value) => [...writeCertificate(value), ...writeSocket(value)],
  notes: () => [],
  clientOf: (bound, host) => ({ protocol: 'ssl', ...commonOf(bound), ...clientOfSocket(bound, host) }),
  listed({ bind: _bind, hidden: _hidden, grants: _grants, ...listed }) {
    return listed;
  },
  exposed: () => false,
};
