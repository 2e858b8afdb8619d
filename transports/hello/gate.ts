/** Connections under way at once that have not finished their handshake. */
const MAX_UNFINISHED = 64;

interface Lease {
  readonly address: string;
  readonly cut: () => void;
}

/**
 * Caps how many connections are in their handshake. When full, the oldest one of the address that has the most is cut: who
 * opens many and says nothing pushes out itself, and others still come in. One object for all listeners of a program.
 */
export class HandshakeGate {
  readonly #max: number;
  /** In the order of their coming. */
  readonly #leases = new Set<Lease>();

  constructor(max = MAX_UNFINISHED) {
    this.#max = max;
  }

  get unfinished(): number {
    return this.#leases.size;
  }

  /** @param cut Ends this handshake. @returns Call it when the handshake has ended in any way. */
  enter(address: string, cut: () => void): () => void {
    if (this.#leases.size >= this.#max) {
      const victim = this.#victim();
      if (victim) {
        this.#leases.delete(victim);
        victim.cut();
      }
    }
    const lease = { address, cut };
    this.#leases.add(lease);
    return () => void this.#leases.delete(lease);
  }

  #victim(): Lease | undefined {
    const counts = new Map<string, number>();
    for (const { address } of this.#leases) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const lease of this.#leases) if (counts.get(lease.address) === most) return lease;
    return undefined;
  }
}
