import type { ConnectStubOptions, Stub } from '../../stub/stub.ts';
import { KdServerLink } from './client/kdsrv.ts';
import { KernelStub, type KernelStubOptions } from './kernel-stub.ts';
import type { OpenWireOptions } from './open.ts';
import { localWay } from './way.ts';
import { parseWire } from './wire-string.ts';

export interface ConnectKernelOptions
  extends ConnectStubOptions,
    Pick<KernelStubOptions, 'askMs' | 'silenceMs'>,
    Pick<OpenWireOptions, 'lineBreak'> {}

/**
 * Reaches the stub in front of a kernel by what stands after `-k`.
 * @throws HawserError told apart: the string, the way there, the peer, the password, `WIRE_TAKEN`, `WIRE_SILENT`,
 * `WIRE_GARBLED`, `NOT_A_STUB`, `CANCELLED`
 */
export async function connectKernel(text: string, options: ConnectKernelOptions): Promise<Stub> {
  const wire = parseWire(text, { backslashes: options.backslashes ?? 'strip' });
  if (wire.kind !== 'kdsrv') return KernelStub.open(localWay(wire, options), options);
  const server = await KdServerLink.connect(wire.server, options);
  return KernelStub.open(server.way(wire.trans), options);
}
