import { FAR_STEPS, parseFarRequest } from '../rsp/far-steps.ts';
import { encodePacket, packetOf, type RspPacket } from '../rsp/packets.ts';
import type { PacketFollower } from './follower.ts';
import { Stepper } from './stepper.ts';

export interface SteppersHost {
  /** To the stub, in one write. */
  ask(bodies: readonly string[]): void;
  /** To the debugger, with its frame. */
  tell(raw: Buffer): void;
  /** The target is about to run. */
  resumed(): void;
  /** A packet of the debugger's that had to wait. */
  again(packet: RspPacket): void;
}

/** Takes a debugger's requests for many steps, one after the other. */
export class Steppers {
  readonly #follower: PacketFollower;
  readonly #host: SteppersHost;
  #stepper: Stepper | null = null;
  /** Packets of the debugger's that wait for the steps' end, or for answers that steps have to wait for. */
  #later: RspPacket[] = [];

  constructor(follower: PacketFollower, host: SteppersHost) {
    this.#follower = follower;
    this.#host = host;
  }

  /**
   * A packet of the debugger's.
   * @param may false: the target is to be resumed in another way first
   * @returns false: it is for the stub
   */
  take(packet: RspPacket, may: boolean): boolean {
    const isFar = packet.body.toString('latin1', 0, FAR_STEPS.length) === FAR_STEPS;
    const { noAck, nonStop, answered } = this.#follower;
    if (this.#stepper || this.#later.length > 0 || (isFar && !answered)) {
      this.#later.push(packetOf(Buffer.from(packet.raw)));
      return true;
    }
    if (!isFar) return false;
    const request = parseFarRequest(packet.body.toString('latin1'));
    if (!request || !may || !noAck || nonStop) {
      // As of a packet that is not known: then the debugger steps by itself.
      this.#host.tell(encodePacket(''));
      return true;
    }
    this.#host.resumed();
    this.#stepper = new Stepper(request, this.#follower.breakpoints, {
      ask: (bodies) => this.#host.ask(bodies),
      tell: (body) => this.#host.tell(encodePacket(body)),
      done: (stop) => {
        this.#host.tell(stop.raw);
        this.#end();
      },
    });
    return true;
  }

  /**
   * An answer of the stub's to `asked`.
   * @returns false: it is for the debugger
   */
  came(asked: string, packet: RspPacket): boolean {
    if (this.#stepper?.came(asked, packet)) return true;
    if (this.#stepper) this.#end();
    else if (this.#follower.answered) this.#goOn();
    return false;
  }

  /** The debugger has gone; what the stub is doing it does to its end. */
  giveUp(): void {
    this.#stepper = null;
    this.#later = [];
  }

  #end(): void {
    this.#stepper = null;
    this.#goOn();
  }

  /** Behind the answer that was waited for. */
  #goOn(): void {
    if (this.#later.length === 0) return;
    setImmediate(() => {
      for (const packet of this.#later.splice(0)) this.#host.again(packet);
    });
  }
}
