import { realpathSync } from 'node:fs';
import { devicePath } from '../../../../transports/com/port-name.ts';
import type { WholeWire } from '../environment.ts';
import { wireErrors } from '../errors.ts';
import { formatWire } from '../wire-string.ts';

/** Which wires are in use, and by whom: one user each. */
export class WiresInUse {
  readonly #users = new Map<string, () => string>();

  /**
   * @param who in words, asked when somebody else wants it
   * @returns how to give it back
   * @throws HawserError `WIRE_TAKEN`
   */
  take(wire: WholeWire, who: () => string): () => void {
    const key = keyOf(wire);
    const user = this.#users.get(key);
    if (user) throw wireErrors.wireTaken(formatWire(wire), user());
    this.#users.set(key, who);
    return () => {
      if (this.#users.get(key) === who) this.#users.delete(key);
    };
  }

  /** In words, who uses it; null: nobody. */
  userOf(wire: WholeWire): string | null {
    return this.#users.get(keyOf(wire))?.() ?? null;
  }
}

/** The same for all strings that lead through the same wire. */
function keyOf(wire: WholeWire): string {
  if (wire.kind === 'pipe') return `file ${real(wire.path)}`;
  if (wire.kind === 'com') return `file ${real(devicePath(wire.device))}`;
  const { place } = wire;
  if ('device' in place) return `file ${real(devicePath(place.device))}`;
  const server = (place.server ?? 'localhost').toLowerCase();
  return `tcp ${['127.0.0.1', '::1'].includes(server) ? 'localhost' : server} ${place.port}`;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
