import { formatConnectionString, parseConnectionString } from '../../../transports/connection-string.ts';
import type { Stub, StubStatus } from '../../stub/stub.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';

interface Link {
  readonly stub: Stub;
  /** Connected here, and closed here when nothing needs it any more. */
  readonly own: boolean;
  readonly unfollow: () => void;
}

/** The links to process servers and bare stubs that the session's targets are reached through: one for each string. */
export class Links {
  readonly #state: DebuggerState;
  readonly #host: CommandHost;
  readonly #links = new Map<string, Link>();
  /** A stub in front of a kernel that had gone answers again. */
  onBack: (stub: Stub) => void = () => {};
  /** What the session was started with (`-premote`). */
  #home: Stub | null = null;

  constructor(state: DebuggerState, host: CommandHost) {
    this.#state = state;
    this.#host = host;
  }

  /** One that the session was given: it stays open, and is where processes are looked for without a target. */
  adopt(stub: Stub): void {
    this.#home = stub;
    if (![...this.#links.values()].some((link) => link.stub === stub))
      this.#add(keyOf(stub.connection), stub, false);
  }

  /** Reaches a stub; the link there is, if there is one. A break-in gives up. */
  async connect(connection: string): Promise<Stub> {
    const key = keyOf(connection);
    const known = this.#links.get(key)?.stub;
    if (known && known.status.state !== 'ended') return known;
    const given = new AbortController();
    const connecting = this.#host.connectStub(connection, given.signal);
    connecting.then(
      (stub) => void (given.signal.aborted && stub.close()),
      () => {},
    );
    const stub = await this.#state.cancel.during(connecting, () => given.abort());
    this.#add(key, stub, true);
    return stub;
  }

  /**
   * That of the machine that commands are for: the current target's, else the session's own. Null: this machine.
   * @throws HawserError of a link that has ended
   */
  get here(): Stub | null {
    const { current } = this.#state;
    const stub = current.kind === 'none' ? this.#home : current.stub;
    if (stub?.status.state === 'ended' && stub.status.error) throw stub.status.error;
    return stub;
  }

  /** One whose server was ended. */
  async forget(stub: Stub): Promise<void> {
    if (this.#home === stub) this.#home = null;
    for (const [key, link] of this.#links) if (link.stub === stub) await this.#close(key, link);
  }

  /** Closes what was connected here and no target, nor a program that can be started again, needs any more. */
  async closeUnused(): Promise<void> {
    for (const [key, link] of this.#links) {
      if (link.own && !this.#isUsed(link.stub)) await this.#close(key, link);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#links].map(([key, link]) => this.#close(key, link)));
  }

  #isUsed(stub: Stub): boolean {
    if (stub.status.state === 'ended') return false;
    return this.#state.systems.some(
      (system) => system.stub === stub && (system.kind !== 'none' || system.spec?.kind === 'launch'),
    );
  }

  #add(key: string, stub: Stub, own: boolean): void {
    let before = stub.status;
    const unfollow = stub.onStatus((status) => {
      this.#tell(stub, before, status);
      before = status;
    });
    this.#links.set(key, { stub, own, unfollow });
  }

  #tell(stub: Stub, before: StubStatus, status: StubStatus): void {
    const say = (text: string): void => this.#host.output('session', `${text}\n`);
    if (stub.kernel && this.#targets(stub) === 0) {
      if (status.state === 'lost' && before.state !== 'lost') say('Waiting to reconnect...');
      if (status.state === 'up' && before.state === 'lost') this.onBack(stub);
      if (status.state !== 'ended') return;
    }
    if (status.state === 'lost' && before.state !== 'lost') {
      const stays = this.#targets(stub) === 1 ? 'the target stays as it is' : 'targets stay as they are';
      say(
        `Link to ${stub.machineName} lost; connecting again for ${duration(status.until)}; ${stays}.\n${status.error.message}`,
      );
    }
    if (status.state === 'up' && before.state === 'lost') say(`Link to ${stub.machineName} is back.`);
    // With targets their back ends tell, each for its own.
    if (status.state === 'ended' && status.error && this.#targets(stub) === 0)
      say(`Link to ${stub.machineName} has ended. ${status.error.text}`);
  }

  #targets(stub: Stub): number {
    return this.#state.systems.filter((system) => system.stub === stub && system.kind !== 'none').length;
  }

  async #close(key: string, { stub, own, unfollow }: Link): Promise<void> {
    this.#links.delete(key);
    unfollow();
    if (own) await stub.close();
  }
}

/** Strings that say the same, with the password left out, share a link. What is wrong with one is told when it is used. */
function keyOf(connection: string): string {
  try {
    const read = parseConnectionString(connection, { role: 'client', backslashes: 'strip' });
    return formatConnectionString(read, { password: 'omit' });
  } catch {
    return connection;
  }
}

function duration(until: number): string {
  const seconds = Math.max(1, Math.round((until - Date.now()) / 1000));
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
