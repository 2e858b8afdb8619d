import { type FarRequest, RowWriter } from '../rsp/far-steps.ts';
import { type RspPacket, startOf, textOf } from '../rsp/packets.ts';

export interface StepperHost {
  /** To the stub, in one write. */
  ask(bodies: readonly string[]): void;
  /** To the debugger. */
  tell(body: string): void;
  /** All is done: what the debugger waits for. */
  done(stop: RspPacket): void;
}

/** Digits of rows that are sent on together. */
const ENOUGH = 16_000;
/** The end of a step and nothing else: `T05`, registers by number, the thread, its processor. */
const PLAIN = /^T05(?:[0-9a-f]{2}:[0-9a-fx]+;|thread:[^;]+;?|core:[0-9a-f]+;?)*$/i;

/**
 * Steps one thread by itself, for a debugger that is told of all the steps together: a step costs what the stub takes for
 * it, and no way to the debugger and back. See {@link FarRequest}.
 */
export class Stepper {
  readonly #request: FarRequest;
  readonly #host: StepperHost;
  /** Addresses at which it ends, as digits of registers: little-endian, of 4 and 8 bytes. */
  readonly #ends: ReadonlySet<string>;
  readonly #rows = new RowWriter();
  #steps = 0;
  /** The stop that is the last one. */
  #last: RspPacket | null = null;

  constructor(request: FarRequest, breakpoints: readonly bigint[], host: StepperHost) {
    this.#request = request;
    this.#host = host;
    this.#ends = new Set(breakpoints.flatMap((address) => [digitsOf(address, 4), digitsOf(address, 8)]));
    host.ask([request.resume]);
  }

  /**
   * An answer of the stub's.
   * @param asked what it answers
   * @returns false: it ends this, and is the answer to the debugger's request
   */
  came(asked: string, packet: RspPacket): boolean {
    return asked === 'g' ? this.#registers(packet) : this.#stopped(packet);
  }

  #stopped(packet: RspPacket): boolean {
    const text = textOf(packet);
    if (!text.startsWith('T')) {
      // The program has ended, or could not be resumed.
      this.#flush();
      return false;
    }
    this.#steps += 1;
    const { count, resume } = this.#request;
    const last = this.#steps >= count || !this.#goesOn(text);
    if (last) this.#last = { ...packet, raw: Buffer.from(packet.raw), body: Buffer.from(packet.body) };
    // Registers and the next step in one write: the stub reads on when it has answered.
    this.#host.ask(last ? ['g'] : ['g', resume]);
    return true;
  }

  #goesOn(text: string): boolean {
    if (!PLAIN.test(text) || !text.includes(`thread:${this.#request.thread};`)) return false;
    if (this.#ends.size === 0) return true;
    for (const [, digits = ''] of text.matchAll(/[5;][0-9a-f]{2}:([0-9a-f]+)/gi))
      if (this.#ends.has(digits)) return false;
    return true;
  }

  #registers(packet: RspPacket): boolean {
    this.#rows.add(startOf(packet, this.#request.bytes * 2));
    if (this.#last) {
      this.#flush();
      this.#host.done(this.#last);
    } else if (this.#rows.length >= ENOUGH) this.#flush();
    return true;
  }

  #flush(): void {
    if (!this.#rows.isEmpty) this.#host.tell(this.#rows.take());
  }
}

function digitsOf(address: bigint, bytes: number): string {
  const text = BigInt.asUintN(bytes * 8, address)
    .toString(16)
    .padStart(bytes * 2, '0');
  return (text.match(/../g) ?? []).reverse().join('');
}
