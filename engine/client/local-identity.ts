import { hostname, userInfo } from 'node:os';
import type { Identity } from '../../transports/hello/messages.ts';

/** Who we are, as the other end shows it: `HOST\user`. */
export function localIdentity(program: string, version: string): Identity {
  let user = process.env.USER ?? 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // No entry in the system's user list, as in containers with a foreign uid: the environment's word it is.
  }
  return { host: hostname(), user, program, version };
}
