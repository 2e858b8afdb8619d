import type { Peer } from './peer.ts';

/** The connections of this hub, by who is at them and by what they want to know of. */
export class Peers {
  readonly all = new Set<Peer>();
  readonly #people = new Map<string, Set<Peer>>();
  readonly #interested = new Map<string, Set<Peer>>();

  signedIn(peer: Peer, email: string): void {
    put(this.#people, email, peer);
  }

  of(email: string): readonly Peer[] {
    return [...(this.#people.get(email) ?? [])];
  }

  interestedIn(session: string): readonly Peer[] {
    return [...(this.#interested.get(session) ?? [])];
  }

  addInterest(peer: Peer, session: string): void {
    peer.interest.add(session);
    put(this.#interested, session, peer);
  }

  dropInterest(peer: Peer, session: string): void {
    peer.interest.delete(session);
    take(this.#interested, session, peer);
  }

  /** Forgets who is at it. */
  signedOut(peer: Peer): void {
    if (peer.identity?.kind === 'person') take(this.#people, peer.identity.account.email, peer);
    for (const session of [...peer.interest]) this.dropInterest(peer, session);
  }

  gone(peer: Peer): void {
    this.signedOut(peer);
    this.all.delete(peer);
  }
}

function put(map: Map<string, Set<Peer>>, key: string, peer: Peer): void {
  const set = map.get(key);
  if (set) set.add(peer);
  else map.set(key, new Set([peer]));
}

function take(map: Map<string, Set<Peer>>, key: string, peer: Peer): void {
  const set = map.get(key);
  set?.delete(peer);
  if (set?.size === 0) map.delete(key);
}
