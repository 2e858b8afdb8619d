import { pagesByAuxv, pagesByLibraries } from './arrival.ts';
import { ExactReads } from './exact-reads.ts';
import { Exchange, type Outcome, processOf, type Reader } from './exchange.ts';
import type { StubFeatures } from './features.ts';
import { GREETING } from './gdbserver.ts';
import { layoutOf } from './layout.ts';
import { MemoryReads } from './memory-reads.ts';
import { ObjectReads } from './object-reads.ts';
import { type RspPacket, textOf } from './packets.ts';
import type { StubLine } from './stub-line.ts';
import { ThreadReads } from './thread-reads.ts';

export type { Reader } from './exchange.ts';

/** Reads after a stop that are remembered for the next one. */
const HABIT = 4;

/**
 * What the stub has said since the target stopped, so that GDB need not wait for it again; and what GDB is about to ask for,
 * fetched together: the registers of all threads once it has asked for those of two, the stacks that belong to them, memory
 * in pages, objects whole. All of it is forgotten before the target runs on or is changed.
 */
export class CachedReads {
  readonly #exchange: Exchange;
  readonly #passOn: (packet: RspPacket) => void;
  readonly #keepsMemory: boolean;
  readonly #exact: ExactReads;
  readonly #objects: ObjectReads;
  readonly #threads: ThreadReads;
  readonly #memory: MemoryReads;
  #waiting: { readonly packet: RspPacket; readonly text: string } | null = null;
  /** The stop reply of a process that GDB has just met; null: it has gone on since. */
  #arrival: string | null = null;
  /** What GDB asked for first after this stop, and after the one before: while it steps, that is always the same. */
  #asked: string[] = [];
  #habit: readonly string[] = [];
  /** So with the list of threads. */
  #asksThreads = false;
  #threadsHabit = false;

  constructor(
    line: StubLine,
    gdb: Reader,
    passOn: (packet: RspPacket) => void,
    features: StubFeatures | null,
    keepsMemory: boolean,
  ) {
    this.#passOn = passOn;
    this.#keepsMemory = keepsMemory;
    const settle = () => this.#settle();
    this.#exchange = new Exchange(line, gdb, features, settle);
    this.#exact = new ExactReads(this.#exchange);
    this.#memory = new MemoryReads(this.#exchange, this.#exact);
    this.#objects = new ObjectReads(this.#exchange, (...object) => this.#tookObject(...object));
    const fetchedAll = () => this.#fetchedAll();
    this.#threads = new ThreadReads(this.#exchange, this.#objects, fetchedAll, settle);
  }

  get features(): StubFeatures | null {
    return this.#exchange.features;
  }

  set features(features: StubFeatures | null) {
    this.#exchange.features = features;
  }

  get wanted(): string | null {
    return this.#exchange.wanted;
  }

  /** How long an answer took, milliseconds. */
  took(ms: number): void {
    this.#exchange.took(ms);
  }

  /** Packets that have to go before one that depends on the chosen thread. */
  chooseThread(): readonly Buffer[] {
    return this.#exchange.chooseThread();
  }

  /** The target runs on. */
  resumed(): void {
    this.#habit = this.#asked;
    this.#asked = [];
    this.#threadsHabit = this.#asksThreads;
    this.#asksThreads = false;
    this.forget();
  }

  /** The target runs on, or is changed. */
  forget(): void {
    this.#exchange.epoch += 1;
    this.#arrival = null;
    this.#exact.dropped();
    this.#threads.forget();
    this.#forgetMemory();
    this.#objects.resumed();
  }

  /** Registers have been written. */
  forgetRegisters(): void {
    if (this.#threads.pending) {
      this.forget();
      return;
    }
    this.#threads.forgetRegisters();
    this.#exact.forgetRegisters();
  }

  #forgetMemory(): void {
    this.#exact.forget();
    this.#memory.forget();
  }

  /** Another process. */
  forgetProcess(): void {
    this.forget();
    this.#objects.clear();
    this.#memory.layout = null;
    this.#exchange.wanted = null;
    this.#exchange.actual = null;
    this.#exchange.process = null;
  }

  /** The target has stopped, and the stub has chosen the thread that it names. */
  stopped(reply: RspPacket): void {
    const text = textOf(reply);
    const thread = /;thread:([^;]+)/.exec(text)?.[1] ?? /^T..thread:([^;]+)/.exec(text)?.[1];
    if (thread === undefined) return;
    if (/[;0-9]exec:/.test(text)) this.forgetProcess();
    this.#choose(thread);
    this.#exchange.actual = thread;
    if (!this.#exchange.pipelining) return;
    if (this.#exchange.slow) this.#fetchWhereStopped(text, thread);
    else if (this.#habit.length > 0) this.#fetchHabit(thread);
    if (this.#threadsHabit) this.#objects.fetchIfThere('threads');
  }

  /** On a slow link: what GDB asks for after every stop, before it does. */
  #fetchWhereStopped(reply: string, thread: string): void {
    this.#exchange.send([this.#threads.ahead(thread)]);
    this.#objects.fetchIfThere('threads');
    if (this.#keepsMemory) this.#memory.fetchPlacesOf(reply, thread);
  }

  /** On a fast link: what GDB asked for after the last stop, while it still reads of this one. */
  #fetchHabit(thread: string): void {
    this.#exchange.send(
      this.#habit.map((text) => (text === 'g' ? this.#threads.ahead(thread) : this.#exact.ahead(text))),
    );
  }

  /** A gdbserver that has no process yet: what GDB will ask it for now. */
  greet(): void {
    const { vCont, rest } = GREETING;
    this.#exchange.send([this.#exact.lastingAhead(vCont), ...rest.map((text) => this.#exact.ahead(text))]);
    this.#objects.fetchAhead('features', 'target.xml');
    this.#objects.fetchAhead('auxv');
  }

  /** The process of a stop is new to GDB: what it asks for then, together. */
  arrived(reply: RspPacket): void {
    const thread = this.#exchange.wanted;
    if (!this.#exchange.pipelining || thread === null) return;
    this.#arrival = textOf(reply);
    const pid = /^p([0-9a-f]+)\./.exec(thread)?.[1];
    const questions = ['qOffsets', ...(pid === undefined ? [] : [`qAttached:${pid}`])];
    const registers = this.#threads.stateOf(thread) === undefined ? [this.#threads.ahead(thread)] : [];
    this.#exchange.send([...registers, ...questions.map((text) => this.#exact.ahead(text))]);
    for (const object of ['auxv', 'libraries-svr4', 'threads']) this.#objects.fetchIfThere(object);
    this.#objects.fetchIfThere('features', 'target.xml');
  }

  /** An answer that was passed on to GDB: kept where it can be. */
  passed(text: string, thread: string | null, answer: RspPacket): void {
    switch (text[0]) {
      case 'g':
        if (thread !== null) this.#threads.put(thread, answer);
        return;
      case 'p':
        this.#exact.keep(`${thread} ${text}`, answer);
        return;
      case 'm':
        if (this.#keepsMemory) this.#exact.keep(text, answer);
        return;
      case 'H':
        if (text[1] === 'g') this.#chosen(text.slice(2), answer);
        return;
      case 'q':
        if (text.startsWith('qGetTLSAddr:') || text.startsWith('qThreadExtraInfo,'))
          this.#exact.keep(text, answer);
        else if (text === 'qfThreadInfo' || text === 'qsThreadInfo') this.#threads.listed(text, answer);
    }
  }

  /** True: it is taken care of. */
  take(packet: RspPacket, text: string): boolean {
    if (this.#asked.length < HABIT && this.#isHabit(text)) this.#asked.push(text);
    const outcome = this.#serve(text);
    if (outcome === 'waiting') this.#waiting = { packet, text };
    return outcome !== 'pass';
  }

  /** Registers, and small reads of memory where it may be kept. */
  #isHabit(text: string): boolean {
    const { wanted, actual } = this.#exchange;
    if (text === 'g') return !this.#asked.includes(text) && wanted === actual;
    return this.#keepsMemory && /^m[0-9a-f]+,[0-9a-f]{1,2}$/.test(text) && !this.#asked.includes(text);
  }

  #serve(text: string): Outcome {
    switch (text[0]) {
      case 'g':
        return text.length === 1 ? this.#threads.serveRegisters() : 'pass';
      case 'm':
        return this.#keepsMemory ? this.#memory.serve(text) : 'pass';
      case 'H':
        return text[1] === 'g' ? this.#serveChoice(text) : 'pass';
      case '?':
        return this.#exact.serve(text);
      case 'v':
        return this.#exact.serveLasting(text);
      case 'T':
        return this.#threads.isKnown(text.slice(1)) ? this.#exchange.answer('OK') : 'pass';
      case 'p':
        return this.#exact.serve(`${this.wanted} ${text}`);
      case 'q':
        return this.#serveQuery(text);
      default:
        return 'pass';
    }
  }

  /** Something has come: whoever waits may have it now. */
  #settle(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = null;
    const outcome = this.#serve(waiting.text);
    if (outcome === 'waiting') this.#waiting = waiting;
    else if (outcome === 'pass') this.#passOn(waiting.packet);
  }

  #serveChoice(text: string): Outcome {
    const kept = this.#exact.serve(text);
    if (kept !== 'pass') return kept;
    const thread = text.slice(2);
    const known = this.#threads.stateOf(thread);
    if (known === 'failed' || (known === undefined && !this.#threads.isKnown(thread))) return 'pass';
    this.#choose(thread);
    return this.#exchange.answer('OK');
  }

  #chosen(thread: string, answer: RspPacket): void {
    // 0 and -1 are any thread.
    const any = /(^|\.|p)(0|-1)$/.test(thread);
    if (textOf(answer) !== 'OK') return;
    this.#choose(any ? null : thread);
    this.#exchange.actual = this.#exchange.wanted;
  }

  /** What is kept of memory and objects is that of one process. */
  #choose(thread: string | null): void {
    const exchange = this.#exchange;
    exchange.wanted = thread;
    const process = processOf(thread);
    if (process === null || process === exchange.process) return;
    if (exchange.process !== null) {
      exchange.epoch += 1;
      this.#forgetMemory();
      this.#objects.clear();
      this.#memory.layout = null;
    }
    exchange.process = process;
  }

  #serveQuery(text: string): Outcome {
    if (text.startsWith('qXfer:'))
      return this.#objects.serve(text, (object) => {
        if (object === 'threads') this.#asksThreads = true;
      });
    if (text.startsWith('qThreadExtraInfo,') || text.startsWith('qGetTLSAddr:'))
      return this.#serveOfThread(text);
    return this.#exact.serve(text);
  }

  /** Asked of a second thread: of all of them. */
  #serveOfThread(text: string): Outcome {
    const kept = this.#exact.serve(text);
    const threads = this.#threads.list;
    if (kept !== 'pass' || !this.#exchange.pipelining || threads === null) return kept;
    const found = /^(qThreadExtraInfo,|qGetTLSAddr:)([^,]+)(.*)$/.exec(text);
    if (!found) return 'pass';
    const [, question = '', thread = '', rest = ''] = found;
    if (!this.#exact.hasLike(question, rest) || !this.#threads.isKnown(thread)) return 'pass';
    const bodies = threads.map((each) => `${question}${each}${rest}`);
    this.#exchange.send(
      bodies.filter((body) => !this.#exact.has(body)).map((body) => this.#exact.ahead(body)),
    );
    return 'waiting';
  }

  #fetchedAll(): void {
    if (this.#keepsMemory) this.#memory.fetchStacks(this.#threads.registers());
  }

  #tookObject(object: string, annex: string, whole: Buffer): void {
    if (object === 'threads') this.#threads.takeXml(whole.toString('utf8'));
    if (object === 'features' && annex === 'target.xml')
      this.#memory.layout = layoutOf(whole.toString('utf8'));
    if (this.#arrival !== null && this.#keepsMemory) this.#fetchOfArrival(object, whole, this.#arrival);
  }

  #fetchOfArrival(object: string, whole: Buffer, reply: string): void {
    const thread = this.#exchange.wanted;
    if (object === 'auxv') this.#memory.fetchAbsent(pagesByAuxv(whole));
    else if (object === 'libraries-svr4') this.#memory.fetchAbsent(pagesByLibraries(whole.toString('utf8')));
    else if (object === 'features' && thread !== null) this.#memory.fetchPlacesOf(reply, thread);
  }
}
