import type { Duplex } from 'node:stream';
import { ProgramTerminal } from '../../machine/terminal.ts';
import { FAR_STEPS } from '../rsp/far-steps.ts';
import { encodePacket, packetOf, type RspItem, type RspPacket, RspReader, textOf } from '../rsp/packets.ts';
import { PacketFollower } from './follower.ts';
import { type Gdbserver, spawnGdbserver } from './gdbserver.ts';
import { Keeper } from './keeper.ts';
import { freeing, letGo, type StubRequester, signal } from './let-go.ts';
import { Steppers } from './steppers.ts';
import { isHalted, isSuspended, traceesOf, tracerOf } from './tracees.ts';

export interface DebuggerEvents {
  /** gdbserver wrote a line to its standard error. */
  said(line: string): void;
  /** It ended without being asked to. */
  ended(how: string): void;
  /** The target is about to run. */
  resumed?(): void;
}

/** The longest line passed on of what gdbserver says. */
const LINE = 2000;
/** Requests are shorter: the stub itself says how long a packet it takes. */
const MAX_REQUEST = 1 << 20;
const DETACHED = /^D;([0-9a-f]+)/i;

/** One gdbserver, between a debugger's packets and its target. */
export class HeldDebugger {
  readonly #gdbserver: Gdbserver;
  readonly #terminal: ProgramTerminal | null;
  /** Why programs started through it have no terminal to be typed at. */
  readonly input: true | string;
  readonly #packets: Duplex;
  readonly #console: Duplex;
  readonly #events: DebuggerEvents;
  readonly #keeper: Keeper;
  readonly #follower = new PacketFollower();
  readonly #fromClient = new RspReader(MAX_REQUEST);
  readonly #fromStub = new RspReader();
  readonly #suspended = new Set<number>();
  /** Were stopped when they were attached to, and were resumed through us. */
  readonly #woken = new Set<number>();
  /** Children of its target that were stopped, to be let go as they stand. */
  readonly #children = new Set<number>();
  /** One of them has just been resumed for the first time: the SIGSTOP that it was attached with comes once more. */
  #waking = 0;
  /** Stub's output goes to nobody but us. */
  #taken = false;
  /** As that, until the stub is again as the debugger knows it. */
  #restoring = false;
  /** What the debugger agreed on with the stub, in order. */
  readonly #agreed = new Map<string, string>();
  #waiters: ((packet: RspPacket) => void)[] = [];
  readonly #steppers: Steppers;
  /** What came of the stub while the target's last words are waited for. */
  #withheld: Buffer[] | null = null;
  #exited = false;
  #closing: Promise<void> | null = null;
  readonly exited: Promise<void>;
  #disposed: () => void = () => undefined;
  /** Resolves when nothing of it is left here. */
  readonly closed = new Promise<void>((resolve) => {
    this.#disposed = resolve;
  });

  private constructor(
    gdbserver: Gdbserver,
    terminal: ProgramTerminal | string,
    packets: Duplex,
    console: Duplex,
    events: DebuggerEvents,
  ) {
    this.#gdbserver = gdbserver;
    this.#terminal = typeof terminal === 'string' ? null : terminal;
    this.input = typeof terminal === 'string' ? terminal : true;
    this.#packets = packets;
    this.#console = console;
    this.#events = events;
    this.#keeper = new Keeper(gdbserver, () => this.#will());
    this.#steppers = new Steppers(this.#follower, {
      ask: (bodies) => this.#ask(bodies),
      tell: (raw) => this.#toClient(raw),
      resumed: () => events.resumed?.(),
      again: (packet) => this.#request(packet),
    });
    this.exited = this.#followProcess();
    this.#joinPackets();
    this.#joinConsole();
    this.#keeper.changed();
  }

  /**
   * @param packets what the debugger says to the stub and hears of it
   * @param console what programs read and write
   * @throws HawserError `GDBSERVER_MISSING`
   */
  static async open(
    program: string,
    packets: Duplex,
    console: Duplex,
    events: DebuggerEvents,
  ): Promise<HeldDebugger> {
    const terminal = await ProgramTerminal.open((bytes) => {
      if (!console.write(bytes) && typeof terminal !== 'string') terminal.pause();
    });
    const gdbserver = spawnGdbserver(program, typeof terminal === 'string' ? null : terminal.held);
    return new HeldDebugger(gdbserver, terminal, packets, console, events);
  }

  get pid(): number {
    return this.#gdbserver.child.pid ?? 0;
  }

  get follower(): PacketFollower {
    return this.#follower;
  }

  /** Whether it has this process. */
  holds(pid: number): boolean {
    return !this.#exited && tracerOf(pid) === this.pid;
  }

  /** Text of the target for a debugger that has no other way to it. @returns false: not now */
  print(text: Buffer): boolean {
    const open = this.#follower.noAck && (this.#follower.running || this.#withheld !== null);
    if (open) this.#toClient(encodePacket(`O${text.toString('hex')}`));
    return open;
  }

  /** SIGSTOP to what it traces, for a target that blocks SIGINT. */
  async stopTarget(): Promise<void> {
    if (this.#exited || this.#closing) return;
    const [pid] = await traceesOf(this.pid);
    if (pid !== undefined && !isHalted(pid)) signal(pid, 'SIGSTOP');
  }

  /** A child of its target is to stand when it is let go; `holds` false: runs on after all. */
  holdChild(pid: number, holds: boolean): void {
    if (holds && this.holds(pid)) {
      this.#children.add(pid);
      signal(pid, 'SIGSTOP');
    } else if (!holds && this.#children.delete(pid)) signal(pid, 'SIGCONT');
  }

  /** Ends it; what it still holds is let go and runs on. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#taken = true;
    this.#steppers.giveUp();
    this.#packets.removeAllListeners('data');
    this.#packets.resume();
    this.#gdbserver.output.resume();
    if (!this.#exited) {
      // Whoever was to acknowledge what the stub said last is gone.
      if (!this.#follower.noAck) this.#gdbserver.input.write('+');
      const free = await letGo(this.#requester(), () => this.#terminal?.leaveToTarget());
      if (!free) {
        // The keeper tries again when this server ends: to end gdbserver now would be to kill what it started.
        this.#gdbserver.child.unref();
        this.#dispose();
        return;
      }
      this.#keeper.end();
      this.#gdbserver.child.kill('SIGKILL');
      await this.exited;
    }
    this.#dispose();
  }

  #dispose(): void {
    this.#terminal?.dispose();
    this.#gdbserver.pipe?.destroy();
    this.#gdbserver.dispose();
    this.#packets.end();
    this.#console.end();
    this.#disposed();
  }

  async #followProcess(): Promise<void> {
    const { child, errors } = this.#gdbserver;
    errors.setEncoding('utf8');
    let rest = '';
    errors.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-LINE);
      for (const line of lines) if (!this.#taken) this.#events.said(line.slice(0, LINE));
    });
    const how = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`gdbserver did not start: ${error.message}`));
      child.once('close', (code, signal) =>
        resolve(signal ? `gdbserver was ended by ${signal}.` : `gdbserver ended with status ${code}.`),
      );
    });
    this.#exited = true;
    this.#keeper.end();
    for (const waiter of this.#waiters.splice(0)) waiter(GONE);
    if (this.#closing) return;
    this.#events.ended(how);
    this.#closing = Promise.resolve();
    this.#dispose();
  }

  #joinPackets(): void {
    const { input, output } = this.#gdbserver;
    this.#packets.on('data', (chunk: Buffer) => {
      try {
        this.#fromClient.push(chunk, (item) => this.#forward(item));
      } catch (error) {
        this.#packets.destroy(error as Error);
      }
      if (input.writableNeedDrain) this.#packets.pause();
    });
    input.on('drain', () => this.#packets.resume());
    output.on('data', (chunk: Buffer) => this.#fromStub.push(chunk, (item) => this.#back(item)));
    // Node stops reading what it shares with a child, as the keeper is.
    output.resume();
    this.#packets.on('drain', () => output.resume());
    // The client does not want it any more.
    this.#packets.on('close', () => void this.close());
  }

  #joinConsole(): void {
    const { pipe } = this.#gdbserver;
    this.#console.on('data', (bytes: Buffer) => void (this.#terminal ?? pipe)?.write(bytes));
    this.#console.on('drain', () => this.#terminal?.resume());
    this.#console.on('error', () => undefined);
    pipe?.on('error', () => undefined);
    pipe?.on('data', (bytes: Buffer) => void (this.#console.writable && this.#console.write(bytes)));
  }

  #forward(item: RspItem): void {
    if (this.#taken) return;
    const { input } = this.#gdbserver;
    if (item.kind === 'ack') input.write('+');
    else if (item.kind === 'nack') input.write('-');
    else if (item.kind === 'break') void this.#breakIn();
    else this.#request(item as RspPacket);
  }

  /** gdbserver's own SIGINT is for the whole process group, in which children are that others debug. */
  async #breakIn(): Promise<void> {
    const own = this.#children.size === 0 ? [] : await traceesOf(this.pid);
    if (own.length === 0) this.#gdbserver.input.write('\x03');
    else if (this.#follower.running) for (const pid of own) if (!isHalted(pid)) signal(pid, 'SIGINT');
  }

  #request(packet: RspPacket): void {
    if (this.#steppers.take(packet, this.#suspended.size === 0)) return;
    this.#follower.sent(packet);
    const agreed = AGREED.exec(packet.body.toString('latin1', 0, 32))?.[0];
    if (agreed !== undefined) this.#agreed.set(agreed, packet.body.toString('latin1'));
    this.#gdbserver.input.write(this.#adapted(packet));
    if (this.#follower.running) this.#events.resumed?.();
  }

  /** Requests of our own. */
  #ask(bodies: readonly string[]): void {
    const raws = bodies.map(encodePacket);
    for (const raw of raws) this.#follower.sent(packetOf(raw));
    this.#gdbserver.input.write(Buffer.concat(raws));
  }

  /** Starts of programs go by our own script; what is attached to is looked at. */
  #adapted(packet: RspPacket): Buffer {
    const { body } = packet;
    const verb = body.toString('latin1', 0, 8);
    if (verb.startsWith('vRun;')) return this.#start(body.toString('latin1'));
    if (verb.startsWith('vAttach;')) {
      const pid = Number.parseInt(body.toString('latin1', 8), 16);
      if (isSuspended(pid)) this.#suspended.add(pid);
    } else if (verb.startsWith('vCont;') || /^[cCsS]/.test(verb)) {
      this.#waking = this.#suspended.size > 0 ? AGAIN : 0;
      for (const pid of this.#suspended) this.#woken.add(pid);
      this.#suspended.clear();
    } else if (body.toString('latin1') === 'QStartupWithShell:0') return encodePacket('QStartupWithShell:1');
    return packet.raw;
  }

  #start(text: string): Buffer {
    const [program = '', ...args] = text
      .slice('vRun;'.length)
      .split(';')
      .map((word) => Buffer.from(word, 'hex').toString('utf8'));
    if (program === '') return encodePacket(text);
    this.#gdbserver.setProgram(program, args);
    return encodePacket(`vRun;${Buffer.from(program).toString('hex')}`);
  }

  #back(item: RspItem): void {
    const asked = item.kind === 'packet' ? this.#follower.came(item) : null;
    if (asked !== null) this.#answered(asked, item as RspPacket);
    if (asked !== null && this.#waking > 0 && RESUMES.test(asked)) {
      const stopped = (item as RspPacket).body.toString('latin1', 0, 3) === SIGSTOP_STOP;
      this.#waking = stopped && this.#waking > 0 ? this.#waking - 1 : 0;
      if (stopped && !this.#taken) {
        this.#again(asked);
        return;
      }
    }
    if (asked !== null && this.#steppers.came(asked, item as RspPacket)) return;
    if (this.#taken || this.#restoring) {
      if (item.kind === 'packet') {
        if (!this.#follower.noAck) this.#gdbserver.input.write('+');
        if (asked !== null) for (const waiter of this.#waiters.splice(0)) waiter(item);
      }
      return;
    }
    const raw =
      item.kind === 'packet' || item.kind === 'notification'
        ? item.raw
        : Buffer.from(item.kind === 'ack' ? '+' : item.kind === 'nack' ? '-' : '\x03');
    if (this.#withheld) {
      this.#withheld.push(Buffer.from(raw));
      return;
    }
    if (asked?.startsWith('qSupported') && item.kind === 'packet') {
      this.#toClient(encodePacket(`${textOf(item)};${FAR_STEPS}+`));
      return;
    }
    if (asked?.startsWith('vRun') && raw[1] === ERROR) {
      void this.#restore(raw);
      return;
    }
    const gone = item.kind === 'packet' && asked !== null && /^[WX]/.test(item.body.toString('latin1', 0, 1));
    if (gone && /^(?:vCont|[cCsS])/.test(asked)) this.#withhold(raw);
    else this.#toClient(raw);
  }

  /** Goes on past a stop that is no news to the debugger. */
  #again(body: string): void {
    if (!this.#follower.noAck) this.#gdbserver.input.write('+');
    this.#ask([body]);
  }

  /** When a program does not start, gdbserver begins anew, as if somebody else had connected: all that was agreed on is forgotten. */
  async #restore(raw: Buffer): Promise<void> {
    this.#restoring = true;
    const news = Buffer.from(raw);
    if (!this.#follower.noAck) this.#gdbserver.input.write('+');
    this.#follower.noAck = false;
    const stub = this.#requester();
    for (const body of this.#agreed.values()) if (!this.#taken) await stub.ask(body, ANSWER_MS);
    this.#restoring = false;
    this.#toClient(news);
  }

  /** What the target wrote comes before the news that it is gone. */
  #withhold(raw: Buffer): void {
    if (!this.#terminal) {
      this.#toClient(raw);
      return;
    }
    this.#withheld = [Buffer.from(raw)];
    void this.#terminal
      .lastWords()
      .catch(() => undefined)
      .then(() => {
        const waiting = this.#withheld ?? [];
        this.#withheld = null;
        for (const each of waiting) this.#toClient(each);
      });
  }

  #toClient(raw: Buffer): void {
    if (!this.#packets.writable) return;
    if (!this.#packets.write(raw)) this.#gdbserver.output.pause();
  }

  #answered(asked: string, packet: RspPacket): void {
    if (/^(?:[Zz]|QStartNoAck|vAttach|vRun|D|Hg)/.test(asked)) this.#keeper.changed();
    const detached = DETACHED.exec(asked)?.[1] ?? (asked === 'D' ? '' : null);
    if (detached === null || packet.body.toString('latin1', 0, 2) !== 'OK') return;
    // Detaching stops again what was stopped when it was attached to, although it was told to go on since.
    const gone = detached === '' ? [...this.#woken] : [Number.parseInt(detached, 16)];
    for (const pid of gone) if (this.#woken.delete(pid)) signal(pid, 'SIGCONT');
    this.#terminal?.leaveToTarget();
  }

  #will(): readonly string[] {
    return freeing(this.#follower);
  }

  #requester(): StubRequester {
    const next = (ms: number) =>
      new Promise<string | null>((resolve) => {
        const timer = setTimeout(() => resolve(null), ms);
        this.#waiters.push((packet) => {
          clearTimeout(timer);
          resolve(packet === GONE ? null : packet.body.toString('latin1'));
        });
      });
    const { input } = this.#gdbserver;
    return {
      follower: this.#follower,
      pid: this.pid,
      suspended: this.#suspended,
      woken: this.#woken,
      ask: async (body, ms) => {
        if (this.#exited) return null;
        const answer = next(ms);
        this.#ask([body]);
        return answer;
      },
      answered: async (ms) => {
        const end = performance.now() + ms;
        while (!this.#follower.answered && !this.#exited) {
          const left = end - performance.now();
          if (left <= 0 || (await next(left)) === null) return this.#follower.answered;
        }
        return true;
      },
      breakIn: () => void input.write('\x03'),
    };
  }
}

const AGREED = /^(?:qSupported|!|QProgramSignals|QPassSignals|QThreadEvents|QNonStop|QStartNoAckMode)/;
const RESUMES = /^(?:vCont;|[cCsS])/;
/** SIGSTOP by GDB's numbers. */
/** How often it comes at most: from before, and of the attaching. */
const AGAIN = 2;
const SIGSTOP_STOP = 'T11';
const ERROR = 0x45;
/** How long a stub may take for one answer, milliseconds. */
const ANSWER_MS = 10_000;
const GONE: RspPacket = { kind: 'packet', raw: Buffer.alloc(0), body: Buffer.alloc(0) };
