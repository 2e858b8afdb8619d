import type { Socket } from 'node:net';
import { engineErrors } from '../../errors.ts';
import { readBulk } from './bulk-memory.ts';
import { CachedReads, type Reader } from './cached-reads.ts';
import { FAR_STEPS, type FarSteps, farRequest, RowReader } from './far-steps.ts';
import { goodbye, StubFeatures, type StubName, stubName, takesPipelines } from './features.ts';
import { GdbLine } from './gdb-line.ts';
import { gdbserverAgrees, hidesBreakpoints } from './gdbserver.ts';
import { dependsOnThread, isAnswer, kindOf, type RequestKind, readsOnly, startsWith } from './kinds.ts';
import { forgetLeftOver } from './left-over.ts';
import { encodePacket, type RspPacket, textOf } from './packets.ts';
import type { StubLine } from './stub-line.ts';

export interface AdapterOptions {
  /** False: memory is never kept, for it may change by itself while all stands still (devices, kernels). */
  readonly cacheMemory?: boolean;
  /** The stub has a process already. */
  readonly hasProcess?: boolean;
  /** What is known of the stub already; otherwise its answer to GDB tells. */
  readonly features?: StubFeatures;
  readonly name?: StubName;
  /** A gdbserver of the stub's own, without a process, that nobody has talked to, over a stream that loses nothing. */
  readonly fresh?: boolean;
  /** Events of threads that begin and end are wanted of the stub. */
  readonly threadEvents?: boolean;
}

/** Longest packet that only reads. */
const LOOK = 512;

/** How long a target may take to stop before it is let go as it is. */
const STOP_MS = 2000;

/** How long QEMU takes for a step at most, and how long GDB waits between two, ms. */
const STEP_MS = 50;
const MISSED_MS = 1000;

/** Between GDB and a stub: passes packets on, both ends acknowledged on their own. */
export class Adapter {
  readonly #line: StubLine;
  #gdb: GdbLine | null = null;
  #running = false;
  /** It was let go for good, and would stop at the next byte. */
  #left = false;
  #holds: boolean;
  #whenStopped: (() => void)[] = [];
  /** When a break-in was sent that the stub may have missed; 0: none was. */
  #breakAt = 0;
  #breakTimer: NodeJS.Timeout | null = null;
  /** The thread of the last stop, as the stub named it: `thread:p01.02;`. */
  #stoppedAt = '';
  /** Null: everything is passed on. */
  #reads: CachedReads | null;
  readonly #threadEvents: boolean;
  #name: StubName;
  #fresh: boolean;
  /** Many steps that are wanted of GDB's next one. */
  #far: FarSteps | null = null;
  /** A breakpoint was taken out since the target stopped: GDB steps off its address. */
  #stepsOff = false;
  /** Told when the stub has agreed to go without acknowledgements; null: it has not been asked ahead. */
  #agreeing: (() => void)[] | null = null;

  constructor(line: StubLine, options: AdapterOptions) {
    this.#line = line;
    this.#holds = options.hasProcess ?? false;
    this.#name = options.name ?? 'unknown';
    this.#fresh = options.fresh ?? false;
    this.#threadEvents = options.threadEvents ?? false;
    const gdb: Reader = {
      pass: (raw) => this.#gdb?.pass(raw),
      reply: (body) => this.#gdb?.reply(body),
    };
    this.#reads = new CachedReads(
      line,
      gdb,
      (packet) => this.#pass(packet, packet.body.toString('latin1'), 'plain'),
      options.features ?? null,
      options.cacheMemory ?? true,
    );
    line.onStray = (packet) => this.#gdb?.pass(packet.raw);
  }

  /** The target runs: the stub answers nothing until it stops. */
  get running(): boolean {
    return this.#running;
  }

  /** The stub has a process, as far as has been seen. */
  get holds(): boolean {
    return this.#holds;
  }

  connect(socket: Socket): void {
    this.#gdb = new GdbLine(
      socket,
      (packet) => this.#fromGdb(packet),
      () => this.#interrupt(),
    );
  }

  /** 0x03 to a target that runs; false: it stands. */
  breakIn(): boolean {
    if (this.#running) this.#interrupt();
    return this.#running;
  }

  #interrupt(): void {
    if (this.#name !== 'QEMU') {
      this.#line.interrupt();
      return;
    }
    this.#breakAt = performance.now();
    // A step is over by then. Right behind one it would be lost, and the step's stop with it.
    this.#breakTimer ??= setTimeout(() => {
      this.#breakTimer = null;
      if (this.#running && this.#breakAt > 0) this.#line.interrupt();
    }, STEP_MS);
  }

  /**
   * QEMU hears no break-in while its machine stands, as it does after each of many steps as soon as it was told to take one. When
   * GDB wants the next, it gets the break-in in its place.
   */
  #missedBreak(): boolean {
    const missed = this.#breakAt > 0 && performance.now() - this.#breakAt < MISSED_MS;
    this.#breakAt = 0;
    if (missed) this.#gdb?.reply(`T02${this.#stoppedAt}`);
    return missed;
  }

  /** @returns false: this stub does no such thing */
  stepFar(steps: FarSteps | null): boolean {
    this.#far = this.#reads?.features?.has(FAR_STEPS) ? steps : null;
    return this.#far !== null;
  }

  async ask(raws: readonly Buffer[]): Promise<RspPacket[]> {
    if (this.#running) throw engineErrors.targetRunning();
    return this.#line.askBytes(raws);
  }

  /** As GDB would be answered, past it; null: not all of it can be read, or not in this way. */
  async readMemory(address: bigint, length: number): Promise<Uint8Array | null> {
    const features = this.#reads?.features;
    if (!features || !this.#line.pipelining || this.#name !== 'gdbserver') return null;
    if (this.#running) throw engineErrors.targetRunning();
    await this.ask(this.#reads?.chooseThread() ?? []);
    return readBulk((raws) => this.ask(raws), address, length, features.packetSize);
  }

  /** GDB has gone: what the stub still holds runs on without a debugger. */
  async letGo(): Promise<void> {
    this.#gdb = null;
    if (!this.#holds || this.#line.ended) return;
    if (this.#running) await this.#stop();
    if (this.#running) return;
    if (this.#resumesForGood) {
      // As a detach does.
      await forgetLeftOver(this.#line).catch(() => undefined);
      this.#line.tell(encodePacket('c'));
      this.#holds = false;
      this.#left = true;
      return;
    }
    const [thread = ''] = await this.#line.ask(['qC']);
    const pid = /^QCp([0-9a-f]+)\./.exec(thread)?.[1];
    await this.#line.ask([pid === undefined ? 'D' : `D;${pid}`]);
    this.#holds = false;
  }

  async #stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const stopped = new Promise<void>((resolve) => {
      this.#whenStopped.push(resolve);
      timer = setTimeout(resolve, STOP_MS);
    });
    this.#line.interrupt();
    await stopped;
    clearTimeout(timer);
  }

  get #resumesForGood(): boolean {
    return goodbye(this.#name, this.#line.lossy) === 'c';
  }

  #fromGdb(packet: RspPacket): void {
    const { body } = packet;
    if (this.#left) {
      this.#gdb?.reply(afterwards(body));
      return;
    }
    const kind = kindOf(body);
    if (kind === 'resume') {
      if (this.#missedBreak()) return;
      this.#reads?.resumed();
      this.#resume(packet);
      return;
    }
    // What is longer is written to the target, and of no interest here.
    const text = body.toString('latin1', 0, Math.min(body.length, LOOK));
    if (kind === 'untold') this.#tell(packet);
    else if (this.#resumesForGood && /^D(?:;|$)/.test(text)) {
      this.#reads?.resumed();
      this.#line.tell(encodePacket('c'));
      this.#holds = false;
      this.#left = true;
      this.#gdb?.reply('OK');
    } else if (text.startsWith('QStartNoAckMode')) this.#startNoAck(packet);
    else if (text.startsWith('qSupported')) this.#supported(packet);
    else if (this.#threadEvents && text === 'QThreadEvents:0') this.#gdb?.reply('OK');
    else if (!this.#takesFor(packet, text)) {
      if (text === 'QNonStop:1') this.#reads = null;
      if (/^z[01],/.test(text)) this.#stepsOff = true;
      if (!readsOnly(text)) this.#forgetFor(text);
      else if (!this.#running && this.#reads?.take(packet, text)) return;
      this.#pass(packet, text, kind);
    }
  }

  /** What gdbserver would answer is known. */
  #takesFor(packet: RspPacket, text: string): boolean {
    if (this.#name !== 'gdbserver' || this.#running) return false;
    if (text === 'vMustReplyEmpty') this.#gdb?.reply('');
    else if (gdbserverAgrees(text)) {
      this.#line.post(packet.raw);
      this.#gdb?.reply('OK');
    } else return false;
    return true;
  }

  #forgetFor(text: string): void {
    if (this.#name !== 'gdbserver') this.#reads?.forget();
    else if (/^[PG]/.test(text)) this.#reads?.forgetRegisters();
    else if (!hidesBreakpoints(text)) this.#reads?.forget();
  }

  #tell(packet: RspPacket): void {
    this.#reads?.forget();
    if (packet.body[0] === KILL) this.#holds = false;
    this.#line.tell(packet.raw);
  }

  /** Stepping is this, again and again: nothing is done that is not needed. */
  #resume(packet: RspPacket): void {
    this.#running = true;
    if (this.#stepsFar(packet)) return;
    const starts = startsWith(packet.body, 'vRun') || startsWith(packet.body, 'vAttach');
    const answered = (answer: RspPacket) => {
      if (!starts || !isAnswer('resume', answer)) return this.#resumeAnswered(answer);
      this.#gdb?.pass(answer.raw);
      this.#reads?.forgetProcess();
      this.#stopped(answer);
      if (this.#name === 'gdbserver' && answer.body[0] === TRAP) this.#reads?.arrived(answer);
      return true;
    };
    this.#line.request(packet.raw, answered, undefined, true);
  }

  /** Many steps for GDB's one: it is told of the last stop alone. */
  #stepsFar(packet: RspPacket): boolean {
    const far = this.#far;
    const stepsOff = this.#stepsOff;
    this.#stepsOff = false;
    const body = far && !stepsOff ? farRequest(packet.body.toString('latin1'), far) : null;
    if (!far || body === null) return false;
    this.#far = null;
    const rows = new RowReader(far);
    const raw = Buffer.from(packet.raw);
    this.#line.request(
      encodePacket(body),
      (answer) => {
        if (rows.read(textOf(answer))) return false;
        if (answer.body.length > 0) return this.#resumeAnswered(answer);
        // Not now.
        this.#line.request(raw, (plain) => this.#resumeAnswered(plain), undefined, true);
        return true;
      },
      undefined,
      true,
    );
    return true;
  }

  #resumeAnswered(answer: RspPacket): boolean {
    this.#gdb?.pass(answer.raw);
    const done = isAnswer('resume', answer);
    if (done) this.#stopped(answer);
    return done;
  }

  #pass(packet: RspPacket, text: string, kind: RequestKind): void {
    const reads = this.#reads;
    const before = dependsOnThread(text) ? (reads?.chooseThread() ?? []) : [];
    const thread = reads?.wanted ?? null;
    const letsGo = text[0] === 'D' || text.startsWith('vKill');
    const start = this.#line.waiting === 0 ? performance.now() : 0;
    const answer = (reply: RspPacket) => {
      this.#gdb?.pass(reply.raw);
      if (kind === 'monitor') return isAnswer(kind, reply);
      if (start > 0) reads?.took(performance.now() - start);
      reads?.passed(text, thread, reply);
      if (letsGo && reply.body[0] === OK) {
        this.#holds = false;
        // GDB goes on asking, and this one would stop its machine at the first byte.
        this.#left ||= this.#name === 'QEMU';
        reads?.forgetProcess();
      }
      return true;
    };
    const failed = () => {};
    if (before.length === 0) this.#line.request(packet.raw, answer, failed, kind === 'monitor');
    else {
      const chosen = () => true;
      this.#line.requestAll([
        ...before.map((raw) => ({ raw, answer: chosen, failed })),
        { raw: packet.raw, answer, failed },
      ]);
    }
  }

  #stopped(answer: RspPacket): void {
    this.#running = false;
    const [first] = answer.body;
    if (this.#name === 'QEMU') this.#heard(textOf(answer));
    if (first === TRAP || first === STOP) this.#holds = true;
    else if (first === EXITED || first === DIED) {
      this.#holds = false;
      this.#reads?.forgetProcess();
    }
    if (first === TRAP) this.#reads?.stopped(answer);
    const waiting = this.#whenStopped;
    if (waiting.length === 0) return;
    this.#whenStopped = [];
    for (const resolve of waiting) resolve();
  }

  #heard(stop: string): void {
    this.#stoppedAt = /thread:[^;]*;/.exec(stop)?.[0] ?? '';
    if (/^[TS]02/.test(stop)) this.#breakAt = 0;
  }

  /** GDB's side goes without acknowledgements whether the stub's does or not. */
  #supported(packet: RspPacket): void {
    const answer = (reply: RspPacket) => {
      const text = textOf(reply);
      const features = new StubFeatures(text);
      this.#learn(features);
      if (this.#threadEvents && features.has('QThreadEvents'))
        this.#line.ask(['QThreadEvents:1']).catch(() => undefined);
      if (text.includes('QStartNoAckMode+')) this.#gdb?.pass(reply.raw);
      else this.#gdb?.pass(encodePacket(text === '' ? NO_ACKS : `${text};${NO_ACKS}`));
      return true;
    };
    if (this.#fresh && this.#line.acks) this.#greet(packet, answer);
    else this.#line.request(packet.raw, answer);
  }

  /** All that GDB asks for before there is a process, together: what is acknowledged is so before it has come. */
  #greet(packet: RspPacket, answer: (reply: RspPacket) => boolean): void {
    this.#fresh = false;
    this.#agreeing = [];
    this.#line.pipelining = true;
    const failed = () => {};
    const start = performance.now();
    const agreed = (reply: RspPacket) => {
      this.#reads?.took(performance.now() - start);
      if (textOf(reply) === 'OK') this.#line.endAcks();
      const waiting = this.#agreeing ?? [];
      this.#agreeing = null;
      for (const tell of waiting) tell();
      return true;
    };
    this.#line.requestAll([
      { raw: Buffer.concat([packet.raw, ACK]), answer, failed },
      { raw: Buffer.concat([encodePacket('QStartNoAckMode'), ACK]), answer: agreed, failed },
    ]);
    this.#reads?.greet();
  }

  /** A stub that nobody has talked to before: how it is talked to best. */
  #learn(features: StubFeatures): void {
    if (this.#reads) this.#reads.features = features;
    this.#line.pipelining ||= takesPipelines(stubName(features)) && !features.has('QStartNoAckMode');
    this.#name = stubName(features);
  }

  #startNoAck(packet: RspPacket): void {
    const agreed = () => {
      this.#gdb?.reply('OK');
      this.#gdb?.endAcks();
    };
    if (this.#agreeing) {
      this.#agreeing.push(agreed);
      return;
    }
    if (!this.#line.acks || this.#line.lossy) {
      agreed();
      return;
    }
    this.#line.request(packet.raw, (answer) => {
      if (textOf(answer) === 'OK') {
        this.#line.endAcks();
        this.#line.pipelining ||= takesPipelines(this.#name);
      }
      agreed();
      return true;
    });
  }
}

/** As a stub without a process answers. */
function afterwards(body: Buffer): string {
  if (body[0] === CHOOSES) return 'OK';
  if (body[0] === WHY) return 'W00';
  return startsWith(body, 'qfThreadInfo') ? 'l' : '';
}

const NO_ACKS = 'QStartNoAckMode+';
const ACK = Buffer.from('+');
const KILL = 0x6b;
const CHOOSES = 0x48;
const WHY = 0x3f;
const OK = 0x4f;
const TRAP = 0x54;
const STOP = 0x53;
const EXITED = 0x57;
const DIED = 0x58;
