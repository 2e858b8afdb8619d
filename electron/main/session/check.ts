import { parseWire } from '../../../engine/kernel/wire/wire-string.ts';
import { parseConnectionString, problemOf } from '../../../transports/connection-string.ts';
import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';
import { Secret } from '../../../transports/secret.ts';
import type { ConnectionCheck, ConnectTo } from '../../ipc/contract.ts';

/** Live check of what is typed in the connect dialogs: there a machine's name has no backslashes before it. */
export function checkConnection(text: string, to: ConnectTo): ConnectionCheck {
  try {
    const { password, protocol } = to === 'kernel' ? kernel(text) : client(text);
    if (to === 'session' && protocol === 'gdb')
      return wrong(connectionErrors.wrongKind('debugger', 'stub'), 0, protocol.length);
    return {
      error: null,
      offset: 0,
      length: 0,
      hasPassword: password instanceof Secret,
      asksPassword: password === 'ask',
    };
  } catch (thrown) {
    const error = toHawserError(thrown);
    const { offset, length } = problemOf(error) ?? { offset: 0, length: 0 };
    return wrong(error, offset, length);
  }
}

const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'refuse' });

function kernel(text: string) {
  const wire = parseWire(text, { backslashes: 'refuse' });
  return wire.kind === 'kdsrv' ? wire.server : { password: undefined, protocol: wire.kind };
}

function wrong(error: HawserError, offset: number, length: number): ConnectionCheck {
  return { error: error.toWire(), offset, length, hasPassword: false, asksPassword: false };
}
