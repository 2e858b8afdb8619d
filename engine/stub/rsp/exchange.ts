import type { StubFeatures } from './features.ts';
import { encodePacket, type RspPacket } from './packets.ts';
import type { StubLine } from './stub-line.ts';

/** Where answers go. */
export interface Reader {
  pass(raw: Buffer): void;
  reply(body: string | Buffer): void;
}

/** What becomes of a packet: answered, waiting for what is on its way, or to be passed on to the stub. */
export type Outcome = 'answered' | 'waiting' | 'pass';

export interface Question {
  readonly raw: Buffer;
  readonly take: (answer: RspPacket) => void;
}

/** A link is slow from here on: then more is fetched than is asked for, at once. */
const SLOW_MS = 1;
export const ERROR = 0x45;

/** What the kinds of reads have in common: the way to GDB and to the stub, and which thread each of them has chosen. */
export class Exchange {
  readonly line: StubLine;
  readonly gdb: Reader;
  features: StubFeatures | null;
  /** Grows with everything that is forgotten: answers of earlier questions are dropped. */
  epoch = 0;
  /** The thread that GDB has chosen, and the one that the stub has: null where not known. */
  wanted: string | null = null;
  actual: string | null = null;
  /** The process whose memory and objects are kept. */
  process: string | null = null;
  #rtt = Number.POSITIVE_INFINITY;
  readonly #settle: () => void;

  /** @param settle something has come: whoever waits may have it now */
  constructor(line: StubLine, gdb: Reader, features: StubFeatures | null, settle: () => void) {
    this.line = line;
    this.gdb = gdb;
    this.features = features;
    this.#settle = settle;
  }

  /** How long an answer took, milliseconds. */
  took(ms: number): void {
    if (ms < this.#rtt) this.#rtt = ms;
  }

  get slow(): boolean {
    return this.#rtt >= SLOW_MS && this.#rtt < Number.POSITIVE_INFINITY;
  }

  get pipelining(): boolean {
    return this.line.pipelining;
  }

  answer(body: string | Buffer): Outcome {
    this.gdb.reply(body);
    return 'answered';
  }

  passed(answer: RspPacket): Outcome {
    this.gdb.pass(answer.raw);
    return 'answered';
  }

  /** Packets that have to go before one that depends on the chosen thread. */
  chooseThread(): readonly Buffer[] {
    if (this.wanted === null || this.wanted === this.actual) return [];
    this.actual = this.wanted;
    return [encodePacket(`Hg${this.wanted}`)];
  }

  /** Several packets together; each answer is taken unless all was forgotten meanwhile. */
  send(questions: readonly Question[]): void {
    const { epoch } = this;
    const failed = () => {};
    this.line.requestAll(
      questions.map(({ raw, take }) => ({
        raw,
        failed,
        answer: (answer) => {
          if (epoch === this.epoch) {
            take(answer);
            this.#settle();
          }
          return true;
        },
      })),
    );
  }

  /** As {@link send}, of what the stub's chosen thread, or its process, is asked for: that one has to be GDB's. */
  sendOfThread(questions: readonly Question[]): void {
    if (questions.length === 0) return;
    const choosing = this.chooseThread().map((raw) => ({ raw, take: () => {} }));
    this.send([...choosing, ...questions]);
  }

  /** When `work` is over, whoever waits for it goes on, unless all was forgotten meanwhile. */
  settleAfter(work: Promise<unknown>): void {
    const { epoch } = this;
    const settle = () => {
      if (epoch === this.epoch) this.#settle();
    };
    work.then(settle, settle);
  }
}

/** `p10.12` is a thread of process `p10`; '' for stubs that know one process only. */
export function processOf(thread: string | null): string | null {
  if (thread === null) return null;
  const dot = thread.indexOf('.');
  return dot < 0 ? '' : thread.slice(0, dot);
}
