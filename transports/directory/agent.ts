import { setTimeout as sleep } from 'node:timers/promises';
import { HawserError } from '../errors/error.ts';
import { Membership } from './membership.ts';
import { limits, type ServerRegistration } from './messages.ts';
import type { Owner } from './owner-link.ts';
import { DirectoryService } from './service.ts';

/** Before it is tried again where the port is somebody else's. */
const OCCUPIED_MS = 10_000;
/** Those who lost their directory do not all come at once. */
const SPREAD_MS = 40;

/** Opens a way to a pipe of this process. @returns its port; null: there is none, or nobody else may reach it */
export type OpenRelay = (caller: string) => Promise<number | null>;

export interface Registering {
  readonly server: ServerRegistration;
  /** The pipe's name and how to reach it. */
  readonly pipe?: { readonly name: string; readonly open: OpenRelay };
  /** Once, when it cannot be listed: a sentence. */
  readonly trouble?: (text: string) => void;
}

export interface Registered {
  /** It is listed, or cannot be for now. */
  readonly settled: Promise<void>;
  /** Takes it from the list. */
  close(): Promise<void>;
}

/**
 * This process's part in its machine's directory: while it has something registered it serves the directory when nobody
 * else does, and registers with who does otherwise. When that one goes, it tries again.
 */
export class DirectoryAgent implements Owner {
  readonly #port: number;
  readonly #entries = new Map<Registering, () => void>();
  /** Told that they are not listed. */
  readonly #told = new WeakSet<Registering>();
  #service: DirectoryService | null = null;
  #member: Membership | null = null;
  #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** Whether this process serves the directory. */
  get serving(): boolean {
    return this.#service !== null;
  }

  register(entry: Registering): Registered {
    const settled = new Promise<void>((resolve) => this.#entries.set(entry, resolve));
    if (this.#running) void this.#publish();
    else this.#start();
    let closing: Promise<void> | undefined;
    const close = async () => {
      this.#entries.get(entry)?.();
      this.#entries.delete(entry);
      if (this.#entries.size > 0) await this.#publish();
      else await this.#leave();
    };
    return {
      settled,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  }

  alive(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async relay(pipe: string, caller: string): Promise<number | null> {
    for (const { server, pipe: own } of this.#entries.keys())
      if (server.reach === 'network' && own?.name.toLowerCase() === pipe.toLowerCase())
        return own.open(caller);
    return null;
  }

  get #servers(): readonly ServerRegistration[] {
    return [...this.#entries.keys()].map(({ server }) => server).slice(0, limits.serversOfOwner);
  }

  #start(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#running = this.#run(signal).finally(() => {
      this.#running = null;
      // Something came while the last one left.
      if (this.#entries.size > 0) this.#start();
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let fruitless = 0; !signal.aborted; fruitless++) {
      try {
        if ((await this.#join(signal)) || (await this.#serve())) fruitless = 0;
        const pause = Math.random() * SPREAD_MS * Math.min(fruitless + 1, 50);
        if (!signal.aborted) await sleep(pause, undefined, { ref: false });
      } catch (error) {
        if (signal.aborted) return;
        this.#trouble(error);
        await sleep(OCCUPIED_MS, undefined, { ref: false, signal }).catch(() => {});
      }
    }
  }

  /** Settles when it has ended. @returns false: there was nobody to join */
  async #join(signal: AbortSignal): Promise<boolean> {
    try {
      const member = await Membership.open(this.#port, this, this.#servers, signal);
      this.#member = member;
      // What came, or left, in between.
      if (signal.aborted) await member.leave();
      else await this.#publish();
      await member.closed;
      this.#member = null;
      return true;
    } catch (error) {
      if (error instanceof HawserError && error.code === 'NO_DIRECTORY') return false;
      throw error;
    }
  }

  /** Settles when it has ended. @returns false: another was faster, and is to be joined */
  async #serve(): Promise<boolean> {
    const service = new DirectoryService(this.#port);
    try {
      await service.open();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
      throw error;
    }
    this.#service = service;
    await this.#publish();
    if (this.#entries.size === 0) service.close();
    await service.ended;
    this.#service = null;
    return true;
  }

  /** Settles when all that is registered now is listed. */
  async #publish(): Promise<void> {
    const waiting = [...this.#entries.values()];
    const servers = this.#servers;
    if (this.#service) await this.#service.set(this, servers);
    else if (this.#member) await this.#member.set(servers);
    else return;
    for (const settle of waiting) settle();
  }

  async #leave(): Promise<void> {
    this.#stop.abort();
    this.#service?.close();
    await this.#member?.leave();
  }

  #trouble(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    for (const [entry, settle] of this.#entries) {
      settle();
      if (!this.#told.has(entry)) entry.trouble?.(`This server is not listed for browsing for now. ${why}`);
      this.#told.add(entry);
    }
  }
}
