import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hostSession } from '../../hub/agent/launch.ts';
import type { HubConnection } from '../../hub/client/hub-connection.ts';
import { createHostKeys, type HostKeys, type SessionKeys } from '../../hub/client/keys.ts';
import { makeFragment, makeLink, parseLink } from '../../hub/client/links.ts';
import { alive } from './hosting.ts';
import { emailOf, type HubCluster } from './hub-cluster.ts';
import { Follower, Streamer } from './streaming.ts';

/** Sessions of one host, and of one guest: as many as may be asked for, and accepted, at once. */
const PER_HOST = 50;
const PER_GUEST = 10;

export interface FleetSession {
  readonly id: string;
  /** Names of those invited. */
  readonly guests: readonly string[];
  /** Null: it has a real agent, with a real debugger. */
  readonly streamer: Streamer | null;
  readonly pid: number | null;
  readonly keys: SessionKeys;
  /** The host's first, each by a connection of its own. */
  readonly followers: readonly Follower[];
}

/** Hosted sessions by the dozen at a cluster of hubs, each followed by its host and invited people. */
export class Fleet {
  readonly cluster: HubCluster;
  readonly #folder: string;
  readonly #agents: number[] = [];
  #count = 0;

  constructor(cluster: HubCluster, folder: string) {
    this.cluster = cluster;
    this.#folder = folder;
  }

  /** A session that prints numbered lines, without a debugger. */
  async streaming(pace: number): Promise<FleetSession> {
    const number = this.#count++;
    const host = await this.#host(number);
    const make = { name: `Stream ${number}`, description: '', computer: 'test', direct: false };
    const { session, agentToken } = await host.request('session/create', make);
    const keys = createHostKeys();
    const guests = guestsOf(number);
    const followers = await this.#followers(host, session.id, keys, guests);
    const connection = await this.cluster.connect(agentToken);
    const folder = join(this.#folder, `spool${number}`);
    mkdirSync(folder);
    const streamer = new Streamer({ connection, session: session.id, keys, folder, number, pace });
    return { id: session.id, guests, streamer, pid: null, keys, followers };
  }

  /** A session with the agent and the debugger that a host's computer has. */
  async debugging(program: string, args: string): Promise<FleetSession> {
    const number = this.#count++;
    const host = await this.#host(number);
    const { session, keys, pid } = await hostSession({
      connection: host,
      fingerprint: this.cluster.fingerprint,
      debugger: program,
      arguments: args,
      name: `${program} ${number}`,
      description: '',
      version: 'test',
    });
    this.#agents.push(pid);
    const guests = guestsOf(number);
    const followers = await this.#followers(host, session.id, keys, guests);
    return { id: session.id, guests, streamer: null, pid, keys, followers };
  }

  /** Somebody who was not there before, and reads it all. */
  async latecomer({ id, keys, guests }: FleetSession): Promise<Follower> {
    return Follower.open(await this.cluster.person(guests[0] ?? ''), id, keys);
  }

  /** Agents that a failed test has left. */
  dispose(): void {
    for (const pid of this.#agents) if (alive(pid)) process.kill(pid, 'SIGKILL');
  }

  #host(number: number): Promise<HubConnection> {
    return this.cluster.person(`host${Math.floor(number / PER_HOST)}`);
  }

  async #followers(
    host: HubConnection,
    session: string,
    keys: HostKeys,
    names: readonly string[],
  ): Promise<Follower[]> {
    const guests = await Promise.all(names.map((name) => this.cluster.person(name)));
    const emails = names.map(emailOf);
    const { invited } = await host.request('invite/send', { session, emails });
    const followers = [await Follower.open(host, session, keys)];
    for (const [index, guest] of guests.entries()) {
      const path = new URL(invited[index]?.link ?? '').pathname.slice('/i/'.length);
      const link = parseLink(makeLink(host.origin, path, makeFragment(keys, 'client')));
      if (!link.keys) throw new Error('the link has no keys');
      await guest.request('invite/accept', { token: link.token });
      followers.push(await Follower.open(guest, session, link.keys));
    }
    return followers;
  }
}

function guestsOf(session: number): string[] {
  const group = Math.floor(session / PER_GUEST);
  return [`gwen${group}`, `gus${group}`];
}
