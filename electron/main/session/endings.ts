import type { Ending } from '../../ipc/contract.ts';

/**
 * What Stop Debugging does without asking, by how the target is reached: the connection of its stub, or null for this
 * machine. In memory only.
 */
export class Endings {
  readonly #by = new Map<string | null, Ending>();

  of(connection: string | null): Ending | null {
    return this.#by.get(connection) ?? null;
  }

  remember(connection: string | null, ending: Ending): void {
    this.#by.set(connection, ending);
  }

  forget(connection: string | null): void {
    this.#by.delete(connection);
  }
}
