import type { Duplex } from 'node:stream';
import { createGzip } from 'node:zlib';
import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import type { OpenedFile } from '../../machine/files.ts';
import { LocalMachine } from '../../machine/local.ts';
import { stubErrors } from '../errors.ts';
import type { StubRequests } from '../protocol.ts';
import { HeldDebugger } from './debugger.ts';
import { type Handlers, ServedClient, type ServedHost, type StubPeer } from './served-client.ts';

/** What a client needs of the process server around it. */
export interface StubHost extends ServedHost {
  readonly gdbserver: string;
  readonly gdbserverVersion: string;
  /** In words, who debugs through this tracing process; null: it is none of this server's. */
  holder(tracer: number): string | null;
  /** In words, which other client has the process; null: none. */
  takenBy(pid: number, asking: StubClient): string | null;
}

/** A client debugs a few programs; each is a process of ours. */
const MAX_DEBUGGERS = 64;
const MAX_FILES = 32;
const NOTHING = {};

/** One smart client of a process server, at the server's end. */
export class StubClient extends ServedClient {
  readonly #host: StubHost;
  readonly #machine: LocalMachine;
  readonly #debuggers = new Map<number, HeldDebugger>();
  #files = 0;

  constructor(peer: StubPeer, host: StubHost) {
    super(peer, host);
    this.#host = host;
    this.#machine = new LocalMachine((tracer) => host.holder(tracer));
  }

  /** Whether this tracing process is one of its gdbservers. */
  has(tracer: number): boolean {
    for (const each of this.#debuggers.values()) if (each.pid === tracer) return true;
    return false;
  }

  protected async letGo(): Promise<void> {
    await Promise.all([...this.#debuggers.values()].map((each) => each.close()));
  }

  protected readonly handlers: Partial<Handlers> = {
    'stub/processes': async () => ({ processes: await this.#machine.processes() }),
    'stub/process': async ({ pid }) => {
      const who = this.#host.takenBy(pid, this);
      if (who !== null) throw stubErrors.processTaken(pid, who);
      return { process: await this.#machine.process(pid) };
    },
    'stub/folder': async ({ path }) => ({ folder: await this.#machine.folder(path) }),
    'stub/program': async ({ program, cwd }) => ({ image: await this.#machine.program(program, cwd) }),
    'stub/images': async ({ pid, paths }) => ({ images: await this.#machine.images(pid, paths) }),
    'stub/disposition': async ({ pid, signal }) => ({
      disposition: await this.#machine.disposition(pid, signal),
    }),
    'stub/look': async ({ paths }) => {
      const seen = await this.#machine.look(paths);
      return {
        files: seen.map(({ bytes, ...file }) => ({ ...file, data: bytes?.toString('base64') ?? null })),
      };
    },
    'stub/openFile': (params) => this.once(params.channel, () => this.#openFile(params)),
    'stub/openDebugger': (params) => this.once(params.channel, () => this.#openDebugger(params)),
    'stub/closeDebugger': async ({ channel }) => {
      // One that is just being opened is closed, too.
      await this.opening(channel)?.catch(() => undefined);
      await this.#debuggers.get(channel)?.close();
      return NOTHING;
    },
    'stub/stopTarget': async ({ channel }) => {
      await this.#debuggers.get(channel)?.stopTarget();
      return NOTHING;
    },
    'stub/holdChild': async ({ channel, pid, holds }) => {
      this.#debuggers.get(channel)?.holdChild(pid, holds);
      return NOTHING;
    },
  };

  async #openFile({
    channel,
    path,
    pid,
    offset,
    paced,
  }: StubRequests['stub/openFile']['params']): Promise<StubRequests['stub/openFile']['result']> {
    if (this.#files >= MAX_FILES) throw engineErrors.badRequest(`no more than ${MAX_FILES} files at once`);
    this.#files += 1;
    let file: OpenedFile | null = null;
    try {
      file = await this.#machine.open(path, pid);
      if (this.ended) throw engineErrors.badRequest('the client has left');
      this.#send(file, channel, offset, this.open(channel, paced));
      return { size: file.size };
    } catch (error) {
      this.#files -= 1;
      await file?.close();
      throw error;
    }
  }

  /** Packed; the file is closed with the stream. */
  #send(file: OpenedFile, channel: number, offset: number, stream: Duplex): void {
    // The fastest: what is fetched goes over networks, and is packed meanwhile.
    const gzip = createGzip({ level: 1, chunkSize: 64 * 1024 });
    const source = file.read(offset);
    const failed = (error: unknown) => {
      if (!stream.destroyed)
        this.tell('stub/channelFailed', { channel, error: toHawserError(error).toWire() });
      stream.destroy();
    };
    source.on('error', failed);
    gzip.on('error', failed);
    stream.on('data', () => undefined);
    stream.on('close', () => {
      this.#files -= 1;
      source.destroy();
      gzip.destroy();
      void file.close();
    });
    source.pipe(gzip).pipe(stream);
  }

  async #openDebugger({
    channel,
    terminal,
    paced,
  }: StubRequests['stub/openDebugger']['params']): Promise<StubRequests['stub/openDebugger']['result']> {
    if (this.ended) throw engineErrors.badRequest('the client has left');
    if (this.#debuggers.size >= MAX_DEBUGGERS)
      throw engineErrors.unsupported(
        'One more target',
        `this connection has ${MAX_DEBUGGERS} already`,
        'Detach from one of them first.',
      );
    const packets = this.open(channel);
    const console = this.open(terminal, paced);
    const opened = await HeldDebugger.open(this.#host.gdbserver, packets, console, {
      said: (line) => this.tell('stub/debuggerSaid', { channel, line }),
      ended: (how) => this.tell('stub/debuggerEnded', { channel, how }),
    });
    this.#debuggers.set(channel, opened);
    void opened.closed.then(() => this.#debuggers.delete(channel));
    // The client left while it was opened.
    if (this.ended) await opened.close();
    return { version: this.#host.gdbserverVersion, input: opened.input };
  }
}
