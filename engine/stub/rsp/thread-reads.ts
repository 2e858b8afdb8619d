import { ERROR, type Exchange, type Outcome, processOf, type Question } from './exchange.ts';
import type { ObjectReads } from './object-reads.ts';
import { encodePacket, type RspPacket, textOf } from './packets.ts';

const MAX_THREADS = 8192;

/** Threads, and their registers: those of all once GDB has asked for those of two. */
export class ThreadReads {
  readonly #exchange: Exchange;
  readonly #objects: ObjectReads;
  readonly #fetchedAll: () => void;
  readonly #settle: () => void;
  #threads: readonly string[] | 'pending' | null = null;
  #known: ReadonlySet<string> = new Set();
  readonly #registers = new Map<string, RspPacket | 'pending' | 'failed'>();
  #looked = new Set<string>();
  /** A list that GDB asks for itself, as far as it has come. */
  #listing: readonly string[] = [];

  /** @param fetchedAll the registers of all threads have come */
  constructor(exchange: Exchange, objects: ObjectReads, fetchedAll: () => void, settle: () => void) {
    this.#exchange = exchange;
    this.#objects = objects;
    this.#fetchedAll = fetchedAll;
    this.#settle = settle;
  }

  forget(): void {
    this.#threads = null;
    this.forgetRegisters();
    if (this.#looked.size > 0) this.#looked = new Set();
  }

  forgetRegisters(): void {
    if (this.#registers.size > 0) this.#registers.clear();
  }

  /** Registers of some thread are on their way. */
  get pending(): boolean {
    return [...this.#registers.values()].includes('pending');
  }

  /** Null: they are not known. */
  get list(): readonly string[] | null {
    return Array.isArray(this.#threads) ? this.#threads : null;
  }

  isKnown(thread: string): boolean {
    return this.#known.has(thread) && this.list !== null;
  }

  /** Threads whose registers are there. */
  *registers(): Iterable<readonly [string, RspPacket]> {
    for (const [thread, registers] of this.#registers)
      if (typeof registers !== 'string') yield [thread, registers];
  }

  stateOf(thread: string): RspPacket | 'pending' | 'failed' | undefined {
    return this.#registers.get(thread);
  }

  put(thread: string, answer: RspPacket): void {
    if (answer.body[0] !== ERROR) this.#registers.set(thread, answer);
  }

  /** A question to be sent for the registers of the stub's chosen thread. */
  ahead(thread: string): Question {
    this.#registers.set(thread, 'pending');
    const take = (answer: RspPacket) =>
      void this.#registers.set(thread, answer.body[0] === ERROR ? 'failed' : answer);
    return { raw: encodePacket('g'), take };
  }

  serveRegisters(): Outcome {
    const { wanted, pipelining, process } = this.#exchange;
    if (wanted === null) return 'pass';
    const known = this.#registers.get(wanted);
    if (known === 'failed') return 'pass';
    if (known === 'pending') return 'waiting';
    this.#looked.add(wanted);
    if (known !== undefined) return this.#exchange.passed(known);
    if (this.#looked.size < 2 || !pipelining) return 'pass';
    if (this.#threads === null) this.#fetchThreads();
    if (this.#threads === 'pending') return 'waiting';
    if (!this.#known.has(wanted) || processOf(wanted) !== process) return 'pass';
    this.#fetchRegisters();
    return 'waiting';
  }

  #fetchThreads(): void {
    this.#threads = 'pending';
    const { epoch } = this.#exchange;
    const done = (threads: readonly string[]) => {
      if (epoch !== this.#exchange.epoch) return;
      this.take(threads);
      this.#settle();
    };
    if (this.#exchange.features?.reads('threads')) {
      this.#objects.fetch('threads', '').then(
        (xml) => done(threadsIn(xml)),
        () => done([]),
      );
    } else this.#ask('qfThreadInfo', [], done);
  }

  #ask(question: string, found: readonly string[], done: (threads: readonly string[]) => void): void {
    const take = (answer: RspPacket) => {
      const text = textOf(answer);
      if (!text.startsWith('m') || found.length > MAX_THREADS) done(found);
      else this.#ask('qsThreadInfo', [...found, ...text.slice(1).split(',')], done);
    };
    this.#exchange.send([{ raw: encodePacket(question), take }]);
  }

  take(threads: readonly string[]): void {
    this.#threads = threads.slice(0, MAX_THREADS);
    this.#known = new Set(this.#threads);
  }

  /** The list came for somebody else. */
  takeXml(xml: string): void {
    if (this.#threads === null) this.take(threadsIn(xml));
  }

  /** A part of a list that GDB asked for itself. */
  listed(question: string, answer: RspPacket): void {
    const text = textOf(answer);
    if (text.startsWith('m')) {
      const before = question === 'qfThreadInfo' ? [] : this.#listing;
      this.#listing = [...before, ...text.slice(1).split(',')];
    } else if (text === 'l' && this.#listing.length > 0) {
      this.take(this.#listing);
      this.#listing = [];
    }
  }

  #fetchRegisters(): void {
    const threads = (this.list ?? []).filter(
      (thread) => !this.#registers.has(thread) && processOf(thread) === this.#exchange.process,
    );
    let left = threads.length;
    this.#exchange.actual = null;
    const fetched = () => {
      left -= 1;
      if (left === 0) this.#fetchedAll();
    };
    this.#exchange.send(threads.flatMap((thread) => this.#questionsOf(thread, fetched)));
  }

  #questionsOf(thread: string, fetched: () => void): Question[] {
    this.#registers.set(thread, 'pending');
    let chosen = false;
    return [
      {
        raw: encodePacket(`Hg${thread}`),
        take: (answer) => {
          chosen = textOf(answer) === 'OK';
        },
      },
      {
        raw: encodePacket('g'),
        take: (answer) => {
          this.#registers.set(thread, chosen && answer.body[0] !== ERROR ? answer : 'failed');
          fetched();
        },
      },
    ];
  }
}

/** Threads in the order of the document. */
function threadsIn(xml: string): string[] {
  return [...xml.matchAll(/<thread [^>]*?\bid="([^"]+)"/g)].map((found) => found[1] ?? '');
}
