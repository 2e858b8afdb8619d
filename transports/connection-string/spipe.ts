import {
  type CertificateUse,
  certificateParameters,
  commonOf,
  finishCertificate,
  writeCertificate,
} from './certificates.ts';
import {
  clientOfPipe,
  finishPipe,
  type PipeClient,
  type PipeServer,
  pipeParameters,
  writePipe,
} from './pipes.ts';
import type { ProtocolRow } from './protocol-row.ts';

/** `spipe:proto=tls1,{certuser=|machuser=}NAME,pipe=NAME[,hidden][,password=…]` */
export interface SpipeServerString extends PipeServer, CertificateUse {
  readonly protocol: 'spipe';
}

/** `spipe:proto=tls1,{certuser=|machuser=}NAME,server=HOST,pipe=NAME[,password=…]` */
export interface SpipeClientString extends PipeClient, CertificateUse {
  readonly protocol: 'spipe';
}

const parameters = { ...certificateParameters, ...pipeParameters };

export const spipeRow: ProtocolRow<typeof parameters, SpipeServerString, SpipeClientString> = {
  protocol: 'spipe',
  parameters,
  finish: (read, role) => ({ protocol: 'spipe', ...finishCertificate(read), ...finishPipe(read, role) }),
  write: (value) => [...writeCertificate(value), ...writePipe(value)],
  notes: () => [],
  clientOf: (bound, host) => ({ protocol: 'spipe', ...commonOf(bound), ...clientOfPipe(bound, host) }),
  listed({ hidden: _hidden, grants: _grants, ...listed }) {
    return listed;
  },
  exposed: () => false,
};
