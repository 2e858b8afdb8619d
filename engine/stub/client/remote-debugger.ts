import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import { stubErrors } from '../errors.ts';
import type { FarSteps } from '../rsp/far-steps.ts';
import { type GdbSocket, openGdbSocket } from '../rsp/gdb-socket.ts';
import type { StubDebugger, StubTraffic } from '../stub.ts';
import type { Notification } from './answers.ts';
import type { OpenedChannel, StubLink } from './link.ts';

/** A gdbserver that the process server started for us. */
export class RemoteDebugger implements StubDebugger {
  readonly terminal: Duplex | string;
  readonly #link: StubLink;
  readonly #packets: OpenedChannel;
  readonly #terminal: OpenedChannel;
  readonly #socket: GdbSocket;
  readonly #gone: () => void;
  readonly #onEnded = new Set<(error: HawserError) => void>();
  readonly #said: string[];
  readonly #onMessage = new Set<(line: string) => void>();
  readonly #forget: () => void;
  #end: HawserError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(opening: Opening, socket: GdbSocket, input: true | string, gone: () => void) {
    this.#link = opening.link;
    this.#packets = opening.packets;
    this.#terminal = opening.terminal;
    this.#said = opening.said;
    this.#socket = socket;
    this.#gone = gone;
    this.terminal = input === true ? opening.terminal.stream : input;
    // What programs write comes all the same; who shows no terminal shows that.
    if (input !== true) linesOf(opening.terminal.stream, (line) => this.#say(line));
    opening.forget();
    this.#forget = this.#link.onNotification((notification) => this.#notified(notification));
    if (opening.died) this.#ended(opening.died);
    socket.onEnded((cause) => void this.#streamEnded(cause));
  }

  /** @throws HawserError `GDBSERVER_MISSING`, `CANCELLED`, the link's end */
  static async open(
    link: StubLink,
    signal: AbortSignal | undefined,
    gone: () => void,
  ): Promise<RemoteDebugger> {
    if (signal?.aborted) throw connectionErrors.cancelled();
    const opening = new Opening(link);
    const ids = { channel: opening.packets.id, terminal: opening.terminal.id };
    const answer = link.request('stub/openDebugger', { ...ids, paced: true }, Object.values(ids));
    try {
      const { input } = await orAborted(answer, signal);
      const socket = await openGdbSocket(opening.packets.stream, { name: 'gdbserver', fresh: true });
      return new RemoteDebugger(opening, socket, input, gone);
    } catch (error) {
      // Not before the server knows the channels: what it opens later would stay.
      void answer
        .then(() => link.request('stub/closeDebugger', { channel: ids.channel }))
        .catch(() => undefined)
        .then(() => opening.drop());
      throw error;
    }
  }

  get socket(): string {
    return this.#socket.socket;
  }

  get traffic(): StubTraffic {
    return this.#socket.traffic;
  }

  onEnded(listener: (error: HawserError) => void): () => void {
    const end = this.#end;
    if (end) queueMicrotask(() => listener(end));
    else this.#onEnded.add(listener);
    return () => this.#onEnded.delete(listener);
  }

  onMessage(listener: (line: string) => void): () => void {
    this.#onMessage.add(listener);
    for (const line of this.#said.splice(0)) listener(line);
    return () => this.#onMessage.delete(listener);
  }

  breakIn(): boolean {
    return this.#socket.breakIn();
  }

  stepFar(steps: FarSteps | null): boolean {
    return this.#socket.stepFar(steps);
  }

  readMemory(address: bigint, length: number): Promise<Uint8Array | null> {
    return this.#socket.readMemory(address, length);
  }

  async stopTarget(): Promise<void> {
    await this.#link.request('stub/stopTarget', { channel: this.#packets.id });
  }

  async holdChild(pid: number, holds: boolean): Promise<void> {
    await this.#link.request('stub/holdChild', { channel: this.#packets.id, pid, holds });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#forget();
    if (this.#end === null) {
      const closed = this.#link
        .request('stub/closeDebugger', { channel: this.#packets.id })
        .catch(() => undefined);
      // A server that cannot be reached is told when it can be; nobody waits for that.
      await Promise.race([closed, whenNotUp(this.#link)]);
    }
    await this.#socket.close();
    this.#terminal.stream.destroy();
    this.#gone();
  }

  #notified({ method, params }: Notification): void {
    if (params.channel !== this.#packets.id) return;
    if (method === 'stub/debuggerEnded') this.#ended(stubErrors.stubDied(params.how));
    else if (method === 'stub/debuggerSaid') this.#say(params.line);
  }

  #say(line: string): void {
    if (this.#onMessage.size === 0 && this.#said.length < MOST_LINES) this.#said.push(line);
    for (const listener of [...this.#onMessage]) listener(line);
  }

  /** The reason comes beside the channel, and may be a turn behind. */
  async #streamEnded(cause: Error | null): Promise<void> {
    if (cause instanceof HawserError && this.#link.status.state === 'ended') this.#ended(cause);
    else await this.#link.caughtUp();
    const { status } = this.#link;
    if (status.state === 'ended') this.#ended(status.error ?? connectionErrors.serverEnded());
    else this.#ended(stubErrors.stubDied(''));
  }

  #ended(error: HawserError): void {
    if (this.#end !== null || this.#closing !== null) return;
    this.#end = error;
    const listeners = [...this.#onEnded];
    this.#onEnded.clear();
    for (const listener of listeners) listener(error);
  }
}

/** Kept for who listens later. */
const MOST_LINES = 100;

/** What is there before the answer is. */
class Opening {
  readonly link: StubLink;
  readonly packets: OpenedChannel;
  readonly terminal: OpenedChannel;
  readonly said: string[] = [];
  died: HawserError | null = null;
  readonly forget: () => void;

  constructor(link: StubLink) {
    this.link = link;
    this.packets = link.openChannel();
    this.terminal = link.openChannel(true);
    this.forget = link.onNotification(({ method, params }) => {
      if (params.channel !== this.packets.id) return;
      if (method === 'stub/debuggerEnded') this.died = stubErrors.stubDied(params.how);
      else if (method === 'stub/debuggerSaid' && this.said.length < MOST_LINES) this.said.push(params.line);
    });
  }

  drop(): void {
    this.forget();
    this.packets.stream.destroy();
    this.terminal.stream.destroy();
  }
}

/** A line without an end is cut. */
const LONGEST_LINE = 8192;

function linesOf(stream: Duplex, each: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) each(line);
    if (rest.length < LONGEST_LINE) return;
    each(rest);
    rest = '';
  });
  stream.on('end', () => {
    if (rest !== '') each(rest);
  });
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(connectionErrors.cancelled());
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function whenNotUp(link: StubLink): Promise<void> {
  if (link.status.state !== 'up') return Promise.resolve();
  return new Promise((resolve) => {
    const forget = link.onStatus(() => {
      forget();
      resolve();
    });
  });
}
