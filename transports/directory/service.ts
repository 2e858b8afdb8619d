import type { Socket } from 'node:net';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HandshakeGate } from '../hello/gate.ts';
import { Book } from './book.ts';
import { LineSocket } from './line-socket.ts';
import { Door, type Scope } from './listening.ts';
import { Announcer, isAnnouncing } from './mdns/announcer.ts';
import { DIRECTORY_VERSION, limits, type ServerRegistration } from './messages.ts';
import { type Owner, OwnerLink } from './owner-link.ts';
import { RequestReader, refuse } from './reader.ts';

/** For a request, from connecting; then the peer is dropped without a word. */
const REQUEST_MS = 5_000;
/** After a change that failed (another program has the port on one of the addresses). */
const RETRY_MS = 5_000;
/** A little longer than what killed processes left behind stays listed. */
const NARROW_MS = 61_000;

/**
 * The directory of a machine, for as long as the process that serves it has something registered. It answers other
 * machines only while something is registered that they may reach, and tells nobody anything before a valid request.
 */
export class DirectoryService {
  readonly #book = new Book<Owner>();
  readonly #port: number;
  readonly #door: Door;
  #announcer: Announcer | null = null;
  readonly #gate = new HandshakeGate();
  readonly #reader = new RequestReader();
  readonly #connections = new Set<LineSocket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #changing: Promise<void> = Promise.resolve();
  #closed = false;
  #end: () => void = () => {};
  /** It has closed, on purpose or because the port was lost. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(port: number) {
    this.#port = port;
    this.#door = new Door(port, (socket) => this.#entered(socket));
  }

  get scope(): Scope | null {
    return this.#door.scope;
  }

  /** @throws the system's error when the port cannot be had */
  async open(): Promise<void> {
    await this.#door.open('machine');
  }

  /** What this process itself has registered. Settles when it is listed, also for other machines. */
  async set(owner: Owner, servers: readonly ServerRegistration[]): Promise<void> {
    this.#book.set(owner, servers);
    await this.#fitScope();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#door.close();
    this.#announcer?.close();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const line of this.#connections) line.destroy();
    this.#end();
  }

  /** Opens the door as wide as what is registered asks for. */
  #fitScope(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      const wanted = this.#book.reachesNetwork ? 'network' : 'machine';
      if (this.#closed || this.#door.scope === wanted) return;
      try {
        await this.#door.open(wanted);
      } catch {
        await this.#door.open('machine').catch(() => this.close());
        this.#later(RETRY_MS);
      }
      if (this.#closed) this.#door.close();
      this.#announce();
    });
    return this.#changing;
  }

  #announce(): void {
    const wanted = !this.#closed && this.#door.scope === 'network' && isAnnouncing();
    if (!wanted) this.#announcer?.close();
    this.#announcer = wanted ? (this.#announcer ?? new Announcer(this.#port)) : null;
  }

  #later(ms: number): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#fitScope();
    }, ms).unref();
    this.#timers.add(timer);
  }

  #entered(socket: Socket): void {
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d)/, '');
    const local = /^127\./.test(address) || address === '::1';
    let owner: OwnerLink | null = null;
    const line = new LineSocket(socket, local ? limits.registerBytes : limits.requestBytes, (message) => {
      const read = this.#reader.read(message, line, address, local);
      if (!read) return;
      // Its first request: it has shown what it is.
      leave();
      clearTimeout(timer);
      if (read.request === 'list') this.#list(line, local);
      else if (read.request === 'introduce') this.#introduce(line, read.pipe, address, local);
      else if (!local) line.destroy();
      else if (read.request === 'register') owner = this.#register(line, owner, read.servers);
      else if (owner) owner.answered(read);
      else line.destroy();
    });
    const leave = this.#gate.enter(address, () => line.destroy());
    const timer = setTimeout(() => line.destroy(), REQUEST_MS).unref();
    this.#connections.add(line);
    socket.on('close', () => {
      leave();
      clearTimeout(timer);
      this.#connections.delete(line);
      if (owner) this.#lost(owner);
    });
    // A connection of the time before the door was narrowed.
    if (!local && !this.#book.reachesNetwork) line.destroy();
  }

  #register(
    line: LineSocket,
    known: OwnerLink | null,
    servers: readonly ServerRegistration[],
  ): OwnerLink | null {
    if (!known && this.#book.owners.length >= limits.owners) {
      refuse(line, connectionErrors.tooManyConnections(limits.owners));
      return null;
    }
    const owner = known ?? new OwnerLink(line);
    this.#book.set(owner, servers);
    void this.#fitScope().then(() => line.send({ hawser: 'registered', version: DIRECTORY_VERSION }));
    return owner;
  }

  #lost(owner: OwnerLink): void {
    owner.closed();
    this.#book.lost(owner);
    void this.#fitScope();
    this.#later(NARROW_MS);
  }

  #list(line: LineSocket, local: boolean): void {
    const { owners } = this.#book;
    void Promise.all(owners.map(async (owner) => [owner, await owner.alive()] as const)).then((found) => {
      const answers = new Map(found);
      const servers = this.#book.list(local, (owner) => answers.get(owner) ?? true);
      const unlisted = this.#book.unlisted(local);
      line.send({
        hawser: 'servers',
        version: DIRECTORY_VERSION,
        servers,
        ...(unlisted > 0 && { unlisted }),
      });
      line.end();
    });
  }

  #introduce(line: LineSocket, pipe: string, address: string, local: boolean): void {
    const owner = this.#book.ownerOf(
      ({ connection, reach }) => reach === 'network' && pipeOf(connection) === pipe.toLowerCase(),
    );
    void (owner?.relay(pipe, local ? '127.0.0.1' : address) ?? Promise.resolve(null)).then((port) => {
      if (port === null) return refuse(line, connectionErrors.notIntroduced(pipe));
      line.send({ hawser: 'introduced', version: DIRECTORY_VERSION, port });
      line.end();
    });
  }
}

function pipeOf(connection: string): string | undefined {
  return /[:,]pipe=([^,]*)/i.exec(connection)?.[1]?.toLowerCase();
}
