import { parseConnectionString, problemOf } from '../../../transports/connection-string.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import { Secret } from '../../../transports/secret.ts';
import type { ConnectionCheck } from '../../ipc/contract.ts';

/** Live check of what is typed in the connect dialog: there a machine's name has no backslashes before it. */
export function checkConnection(text: string): ConnectionCheck {
  try {
    const { password } = parseConnectionString(text, { role: 'client', backslashes: 'refuse' });
    return {
      error: null,
      offset: 0,
      length: 0,
      hasPassword: password instanceof Secret,
      asksPassword: password === 'ask',
    };
  } catch (thrown) {
    const error = toHawserError(thrown);
    const problem = problemOf(error);
    return {
      error: error.toWire(),
      offset: problem?.offset ?? 0,
      length: problem?.length ?? 0,
      hasPassword: false,
      asksPassword: false,
    };
  }
}
