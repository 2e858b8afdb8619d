import type { GdbClientString } from '../../../transports/connection-string.ts';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import { stubErrors } from '../errors.ts';
import { goodbye } from '../rsp/features.ts';
import { type GdbSocket, openGdbSocket } from '../rsp/gdb-socket.ts';
import { isAnswer } from '../rsp/kinds.ts';
import { architectureIn } from '../rsp/layout.ts';
import { forgetLeftOver } from '../rsp/left-over.ts';
import { lldbDialect } from '../rsp/lldb/open.ts';
import { readObject } from '../rsp/objects.ts';
import { encodePacket, type RspPacket } from '../rsp/packets.ts';
import { StubLine } from '../rsp/stub-line.ts';
import type { Stub, StubDebugger, StubStatus, StubTraffic } from '../stub.ts';
import { HostIo } from './host-io.ts';
import { BareMachine } from './machine.ts';
import { type BareFacts, probe } from './probe.ts';
import { type Reached, reach, type WireTrouble } from './reach.ts';

export interface BareOptions {
  readonly signal: AbortSignal;
  /** The connection string, as it is shown. */
  readonly connection: string;
  /** Events of threads that begin and end, from the stub itself (`threadEvents=true`). */
  readonly threadEvents?: boolean;
  /** After which a peer that answers nothing is given up. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 5000;
const LET_GO_MS = 1000;

/**
 * Connects to any stub that speaks GDB's remote protocol. GDB is given the same connection later: most stubs serve one.
 * @throws HawserError the way there, `NOT_A_STUB`, `STUB_SILENT`, `CANCELLED`
 */
export async function connectBareStub(place: GdbClientString, options: BareOptions): Promise<Stub> {
  return openBareStub(await reach(place, options.signal), options);
}

/** As {@link connectBareStub}, over a way that is there. @throws HawserError also what the wire says of its troubles */
export async function openBareStub(reached: Reached, options: BareOptions): Promise<Stub> {
  const { signal, silenceMs = SILENCE_MS, connection } = options;
  const { stream, peer, host, reliable, breakIn, trouble = null } = reached;
  const line = new StubLine(stream);
  line.lossy = !reliable;
  line.breaker = breakIn ?? null;
  try {
    const facts = await probe(line, { signal, peer, silenceMs, reliable, trouble });
    line.trouble = trouble;
    if (trouble && facts.name === 'QEMU' && facts.hasProcess) await forgetLeftOver(line);
    if (facts.name === 'lldb-server' && !facts.hasProcess)
      throw stubErrors.stubUnsupported(
        facts.title,
        'it has no process, and its way of getting one is not what GDB asks for',
        'Start it on one: lldb-server gdbserver HOST:PORT -- PROGRAM, or with --attach PID.',
      );
    if (facts.name === 'lldb-server')
      line.dialect = await lldbDialect(line, facts.title, facts.features.packetSize);
    const io = facts.files ? new HostIo((raws) => line.askBytes(raws), facts.features.packetSize) : null;
    const [name] = io ? await io.heads(['/proc/sys/kernel/hostname'], 256) : [];
    const machineName = name?.toString('utf8').trim() || host;
    return new BareStub(line, facts, {
      connection,
      machineName,
      threadEvents: options.threadEvents ?? false,
      trouble,
    });
  } catch (error) {
    line.close();
    throw error;
  }
}

interface BareNames {
  readonly connection: string;
  readonly machineName: string;
  readonly threadEvents: boolean;
  /** Of a wire to a kernel. */
  readonly trouble: WireTrouble | null;
}

class BareStub implements Stub {
  readonly kind = 'bare';
  readonly connection: string;
  readonly machineName: string;
  readonly machine: Machine;
  readonly hasProcess: boolean;
  readonly implicitCommandLine = null;
  readonly attach: true | string;
  readonly launch: true | string;
  readonly #line: StubLine;
  readonly #facts: BareFacts;
  readonly #names: BareNames;
  readonly #listeners = new Set<(status: StubStatus) => void>();
  #status: StubStatus = { state: 'up' };
  #open: BareDebugger | null = null;
  /** A process was there from the beginning, until a debugger has had it. */
  #first = true;
  #closed = false;
  #architecture: Promise<string> | null = null;

  constructor(line: StubLine, facts: BareFacts, names: BareNames) {
    this.#line = line;
    this.#facts = facts;
    this.#names = names;
    this.connection = names.connection;
    this.machineName = names.machineName;
    this.hasProcess = facts.hasProcess;
    this.attach = this.launch = choice(facts);
    const { features, title } = facts;
    const ask = (raws: readonly Buffer[]) => this.#ask(raws);
    this.machine = new BareMachine({
      title,
      host: names.machineName,
      files: facts.files ? new HostIo(ask, features.packetSize) : null,
      osdata: features.reads('osdata')
        ? () =>
            readObject(ask, 'osdata', 'processes', features.packetSize).then((xml) => xml.toString('utf8'))
        : null,
    });
    line.onEnded((cause) => this.#ended(this.#endError(cause)));
  }

  get status(): StubStatus {
    return this.#status;
  }

  onStatus(listener: (status: StubStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openDebugger(signal?: AbortSignal): Promise<StubDebugger> {
    if (signal?.aborted) throw connectionErrors.cancelled();
    if (this.#status.state === 'ended') throw this.#status.error ?? stubErrors.stubDied('');
    if (this.#open)
      throw stubErrors.stubUnsupported(
        this.#facts.title,
        'one connection to it debugs one process at a time, and it does already',
        'Detach from that one first, or use a Hawser process server (dbgsrv), which debugs any number.',
      );
    const socket = await openGdbSocket(this.#line, {
      features: this.#facts.features,
      name: this.#facts.name,
      threadEvents: this.#names.threadEvents,
      hasProcess: this.#first && this.hasProcess,
      cacheMemory:
        this.#names.trouble === null && this.#facts.name !== 'QEMU' && this.#facts.name !== 'unknown',
    });
    this.#first = false;
    const opened: BareDebugger = new BareDebugger(socket, this.#line, {
      gone: () => {
        if (this.#open === opened) this.#open = null;
      },
      endError: (cause) => this.#endError(cause),
    });
    this.#open = opened;
    return opened;
  }

  architecture(): Promise<string> {
    this.#architecture ??= this.#askArchitecture().catch(() => '');
    return this.#architecture;
  }

  async #askArchitecture(): Promise<string> {
    const { features } = this.#facts;
    if (!features.reads('features')) return '';
    const ask = (raws: readonly Buffer[]) => this.#ask(raws);
    const description = await readObject(ask, 'features', 'target.xml', features.packetSize, 0);
    return architectureIn(description.toString('utf8'));
  }

  async endServer(): Promise<void> {
    if (this.#facts.name !== 'gdbserver' || this.hasProcess)
      throw engineErrors.unsupported(
        'Ending this stub from here',
        this.hasProcess ? 'it ends with its process' : `${this.#facts.title} has no command for it`,
      );
    await this.#open?.close();
    await new Promise<void>((resolve) => {
      const raw = encodePacket(`qRcmd,${Buffer.from('exit').toString('hex')}`);
      this.#line.onEnded(() => resolve());
      this.#line.request(raw, (packet) => {
        const done = isAnswer('monitor', packet);
        if (done) resolve();
        return done;
      });
    });
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#open?.close();
    // A kernel stops when its stub is talked to, and nobody has debugged it who would have let it go.
    if (this.#names.trouble && this.#first && !this.#line.ended)
      await Promise.race([this.#letGo(), new Promise((resolve) => setTimeout(resolve, LET_GO_MS).unref())]);
    this.#ended(null);
    this.#line.close();
  }

  async #letGo(): Promise<void> {
    const { name } = this.#facts;
    if (goodbye(name, this.#line.lossy) === 'c') this.#line.tell(encodePacket('c'));
    else {
      const [thread = ''] = await this.#line.ask(['qC']).catch(() => []);
      const pid = /^QCp([0-9a-f]+)\./.exec(thread)?.[1];
      await this.#line.ask([pid === undefined ? 'D' : `D;${pid}`]).catch(() => undefined);
    }
  }

  #ask(raws: readonly Buffer[]): Promise<readonly RspPacket[]> {
    return this.#open ? this.#open.ask(raws) : this.#line.askBytes(raws);
  }

  #endError(cause: Error | null): HawserError {
    const { trouble } = this.#names;
    return trouble ? trouble.ended(cause) : endError(cause, this.#open?.holds ?? this.hasProcess);
  }

  #ended(error: HawserError | null): void {
    if (this.#status.state === 'ended') return;
    this.#status = { state: 'ended', error };
    for (const listener of this.#listeners) listener(this.#status);
    this.#listeners.clear();
  }
}

interface DebuggerOwner {
  gone(): void;
  endError(cause: Error | null): HawserError;
}

class BareDebugger implements StubDebugger {
  readonly socket: string;
  readonly terminal = 'a bare stub keeps the terminal of its programs to itself';
  readonly #socket: GdbSocket;
  readonly #line: StubLine;
  readonly #owner: DebuggerOwner;
  readonly #before: StubTraffic;
  #closing: Promise<void> | null = null;

  constructor(socket: GdbSocket, line: StubLine, owner: DebuggerOwner) {
    this.#socket = socket;
    this.#line = line;
    this.#owner = owner;
    this.socket = socket.socket;
    this.#before = { ...socket.traffic };
  }

  get holds(): boolean {
    return this.#socket.holds;
  }

  get traffic(): StubTraffic {
    const { roundTrips, packets, sent, received } = this.#socket.traffic;
    return {
      roundTrips: roundTrips - this.#before.roundTrips,
      packets: packets - this.#before.packets,
      sent: sent - this.#before.sent,
      received: received - this.#before.received,
    };
  }

  ask(raws: readonly Buffer[]): Promise<readonly RspPacket[]> {
    return this.#socket.askPackets(raws);
  }

  onEnded(listener: (error: HawserError) => void): () => void {
    return this.#socket.onEnded((cause) => {
      if (!this.#closing) listener(this.#owner.endError(cause));
    });
  }

  breakIn(): boolean {
    return this.#socket.breakIn();
  }

  onMessage(): () => void {
    return () => {};
  }

  close(): Promise<void> {
    this.#closing ??= this.#socket
      .leave()
      .catch((error: unknown) => {
        // A stub that ends because it was let go has done what it should.
        if (!this.#line.ended) throw error;
      })
      .finally(() => this.#owner.gone());
    return this.#closing;
  }
}

/** Whether other processes may be chosen. */
function choice(facts: BareFacts): true | string {
  if (facts.hasProcess) return 'this stub has its one process already';
  return facts.extended
    ? true
    : `${facts.title} neither attaches to processes nor starts programs (no extended mode)`;
}

const LINK_CODES: ReadonlySet<string> = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EIO', 'ENXIO']);

/** A machine that is gone, a stub that ended under its process, and one that had nothing left to do, told apart. */
function endError(cause: Error | null, held: boolean): HawserError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  if (LINK_CODES.has(code)) return connectionErrors.linkLost(`the system says ${code}`, cause);
  return held ? stubErrors.stubDied('It closed the connection.') : connectionErrors.serverEnded();
}
