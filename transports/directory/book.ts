import { type ListedServer, limits, type ServerRegistration } from './messages.ts';

/** How long what a killed process left behind stays listed, marked as not answering. */
const KEPT_MS = 60_000;
const MAX_KEPT = 64;

interface Left {
  readonly server: ServerRegistration;
  readonly until: number;
}

/** Who is registered: by owner, and what owners that are gone left behind. `O` is what stands for an owner. */
export class Book<O> {
  readonly #now: () => number;
  readonly #owners = new Map<O, readonly ServerRegistration[]>();
  #left: Left[] = [];

  /** @param now Milliseconds on a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get owners(): readonly O[] {
    return [...this.#owners.keys()];
  }

  /** All that an owner has, in the place of what it had. */
  set(owner: O, servers: readonly ServerRegistration[]): void {
    const room = limits.servers - MAX_KEPT - this.#count(owner);
    const taken = servers.slice(0, Math.max(0, room));
    this.#owners.set(owner, taken);
    // It came back, or another took its place.
    const connections = new Set(taken.map(({ connection }) => connection));
    this.#left = this.#left.filter(({ server }) => !connections.has(server.connection));
  }

  /** The owner is gone; it had said so when it had nothing registered any more. */
  lost(owner: O): void {
    const until = this.#now() + KEPT_MS;
    const left = (this.#owners.get(owner) ?? []).map((server) => ({ server, until }));
    this.#owners.delete(owner);
    this.#left = [...this.#left, ...left].slice(-MAX_KEPT);
  }

  ownerOf(found: (server: ServerRegistration) => boolean): O | undefined {
    for (const [owner, servers] of this.#owners) if (servers.some(found)) return owner;
    return undefined;
  }

  get reachesNetwork(): boolean {
    return this.#all().some(([server]) => server.reach === 'network');
  }

  /** The oldest first. `answers`: whether an owner does. */
  list(local: boolean, answers: (owner: O) => boolean): ListedServer[] {
    return this.#all()
      .filter(([server]) => !server.unlisted && (local || server.reach === 'network'))
      .map(([server, owner]) => ({ ...server, answering: owner !== null && answers(owner) }))
      .sort((a, b) => a.started - b.started);
  }

  /** How many more there are that do not want to be listed. */
  unlisted(local: boolean): number {
    return this.#all().filter(([server]) => server.unlisted && (local || server.reach === 'network')).length;
  }

  #all(): (readonly [ServerRegistration, O | null])[] {
    const now = this.#now();
    this.#left = this.#left.filter(({ until }) => until > now);
    const alive = [...this.#owners].flatMap(([owner, servers]) =>
      servers.map((server) => [server, owner] as const),
    );
    return [...alive, ...this.#left.map(({ server }) => [server, null] as const)];
  }

  #count(except: O): number {
    let count = 0;
    for (const [owner, servers] of this.#owners) if (owner !== except) count += servers.length;
    return count;
  }
}
