import type { ReadValues, Role } from './parameter.ts';
import {
  clientOfPipe,
  finishPipe,
  type PipeClient,
  type PipeServer,
  pipeParameters,
  writePipe,
} from './pipes.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import { icfenable } from './values.ts';

/** `npipe:pipe=NAME[,hidden][,password=…][,IcfEnable]` */
export interface NpipeServerString extends PipeServer {
  readonly protocol: 'npipe';
  readonly icfEnable?: true;
}

/** `npipe:server=HOST,pipe=NAME[,password=…]` */
export interface NpipeClientString extends PipeClient {
  readonly protocol: 'npipe';
}

const parameters = { ...pipeParameters, icfenable };

function finish(read: ReadValues<typeof parameters>, role: Role): NpipeServerString | NpipeClientString {
  const value = finishPipe(read, role);
  if (value.role === 'client') return { protocol: 'npipe', ...value };
  return { protocol: 'npipe', ...value, ...(read.values.icfenable && { icfEnable: true }) };
}

function write(value: NpipeServerString | NpipeClientString): Written[] {
  const flags: Written[] = value.role === 'server' && value.icfEnable ? [['IcfEnable', null]] : [];
  return [...writePipe(value), ...flags];
}

export const npipeRow: ProtocolRow<typeof parameters, NpipeServerString, NpipeClientString> = {
  protocol: 'npipe',
  parameters,
  finish,
  write,
  notes(value) {
    return value.role === 'server' && value.icfEnable
      ? ['IcfEnable: a pipe of this machine needs no port; Hawser leaves the firewall as it is.']
      : [];
  },
  clientOf: (bound, host) => ({ protocol: 'npipe', ...clientOfPipe(bound, host) }),
  listed({ hidden: _hidden, grants: _grants, icfEnable: _icf, ...listed }) {
    return listed;
  },
  exposed: () => false,
};
