import { connectResuming } from '../../../engine/client/remote.ts';
import type { Resumer } from '../../../engine/client/resumer.ts';
import { SessionClient } from '../../../engine/client/session-client.ts';
import type { AttachResult, NumberedEvent } from '../../../engine/protocol/session.ts';
import type { Delays } from './delays.ts';
import { Sums } from './sums.ts';

export interface MemberOptions {
  readonly name: string;
  /** What it gives after -remote. */
  readonly connection: string;
  /** Events after this number; 0: all. */
  readonly after: number;
  readonly sums?: Sums;
  /** How long events were under way, where that is to be told. */
  readonly delays?: Delays;
  readonly event?: (event: NumberedEvent) => void;
}

/** One client of the session, as a console is one. */
export class Member {
  readonly name: string;
  readonly sums: Sums;
  readonly client: SessionClient;
  readonly attached: AttachResult;
  /** Lost links that were resumed. */
  resumed = 0;
  /** Why it is no member any more; undefined: it is one. */
  gone: string | undefined;
  #room: Promise<void> | undefined;
  #makeRoom: () => void = () => undefined;

  private constructor(name: string, sums: Sums, client: SessionClient, attached: AttachResult) {
    this.name = name;
    this.sums = sums;
    this.client = client;
    this.attached = attached;
  }

  static async join(options: MemberOptions): Promise<Member> {
    let member: Member | undefined;
    const link: Resumer = await connectResuming(options.connection, {
      identity: { host: 'soak', user: options.name, program: 'soak', version: '0' },
      signal: new AbortController().signal,
      getPassword: () => Promise.reject(new Error('no password was expected')),
      status: (status) => {
        if (member && status.state === 'up' && status.resumed) member.resumed++;
      },
    });
    const since = Date.now();
    const sums = options.sums ?? new Sums(options.after);
    const client = new SessionClient(link.link, {
      event: (event) => {
        sums.take(event);
        // What came before it joined was not under way to it.
        if (event.time >= since) options.delays?.add(Date.now() - event.time);
        options.event?.(event);
      },
      taken: () => member?.room ?? Promise.resolve(),
      closed: (reason) => {
        if (member) member.gone = reason?.message ?? 'closed';
      },
    });
    member = new Member(options.name, sums, client, await client.attach(options.after));
    return member;
  }

  get room(): Promise<void> | undefined {
    return this.#room;
  }

  /** Takes nothing in any more, until it goes on. */
  stall(): void {
    this.#room ??= new Promise((resolve) => {
      this.#makeRoom = resolve;
    });
  }

  goOn(): void {
    this.#room = undefined;
    this.#makeRoom();
  }

  leave(): Promise<void> {
    return this.client.leave();
  }
}
