import { readPortName } from '../../../transports/com/port-name.ts';
import { baud as baudParameter } from '../../../transports/connection-string/com.ts';
import type { ComWire, PipeWire } from './com-string.ts';
import { wireErrors } from './errors.ts';
import type { GdbWire, PlainWire } from './wire-string.ts';

/** One that can be opened as it stands. */
export type WholeWire = GdbWire | Required<ComWire> | (PipeWire & { readonly path: string });

/** Where neither string nor environment says: what KGDB's own documentation uses. */
export const DEFAULT_BAUD = 115_200;

/** The variables of the machine that holds the wire, and its name for messages ('' for this one). */
export interface WireEnvironment {
  readonly variables: NodeJS.ProcessEnv;
  readonly machine: string;
}

/**
 * What is left out comes from `_NT_DEBUG_PORT` and `_NT_DEBUG_BAUD_RATE`.
 * @throws HawserError `WIRE_PORT_MISSING`, `WIRE_VARIABLE`
 */
export function completeWire(wire: PlainWire, { variables, machine }: WireEnvironment): WholeWire {
  if (wire.kind === 'gdb') return wire;
  const port = variables._NT_DEBUG_PORT || undefined;
  if (wire.kind === 'pipe') {
    const path = wire.path ?? port;
    if (path === undefined) throw wireErrors.wirePortMissing(machine);
    return { ...wire, path };
  }
  const device = wire.device ?? portOf(port);
  if (device === undefined) throw wireErrors.wirePortMissing(machine);
  return { kind: 'com', device, baud: wire.baud ?? baudOf(variables._NT_DEBUG_BAUD_RATE) ?? DEFAULT_BAUD };
}

function portOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const name = readPortName(value);
  if (name === null) throw wireErrors.wireVariable('_NT_DEBUG_PORT', value);
  return name;
}

function baudOf(value: string | undefined): number | undefined {
  if (!value) return undefined;
  try {
    const token = { offset: 0, length: value.length, text: value, value, quoted: false };
    return baudParameter.read(token, { role: 'client', backslashes: 'refuse' });
  } catch {
    throw wireErrors.wireVariable('_NT_DEBUG_BAUD_RATE', value);
  }
}
