import type { HawserError } from '../../errors/error.ts';
import type { Keeper } from '../line/keeper.ts';
import type { LineShape } from '../link/rate.ts';
import { Deframer } from '../wire/deframer.ts';
import { type Head, headOf, Kind, makeFrame, Refusal } from '../wire/frame.ts';
import { refuseFrame } from '../wire/messages.ts';
import {
  BROKER_VERSION,
  FromBroker,
  type Joining,
  jsonMessage,
  keyMessage,
  keyOf,
  message,
  readKey,
  ToBroker,
  withOp,
} from './messages.ts';
import { type Outlet, Pacer } from './pacer.ts';
import type { Pipe } from './pipe.ts';

/** After the port was opened: other processes' connections may not have been told of yet, so nobody is turned away. */
const GRACE_MS = 1_500;
const HEARD_EVERY_MS = 200;
/** For the last frames, when the port is let go. */
const LEAVE_MS = 1_000;

interface Process extends Outlet {
  readonly pipe: Pipe;
  joined: boolean;
}

export interface BrokerOptions {
  readonly shape: LineShape;
  readonly keeper: Keeper;
  /** Whoever wants the port at another rate hears this. */
  readonly otherBaud: (wanted: number) => HawserError;
  readonly otherVersion: () => HawserError;
  /** Nobody uses the port any more. */
  readonly idle: () => void;
}

/**
 * Holds a port for all processes of a user. It knows whose each connection is and nothing of what is in it: the
 * connections themselves live in their processes, and stay when this one is killed.
 */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #pacer: Pacer;
  readonly #deframer: Deframer;
  readonly #processes = new Set<Process>();
  readonly #listeners = new Map<number, Process>();
  readonly #connections = new Map<number, Process>();
  readonly #started = performance.now();
  #heardTimer: ReturnType<typeof setTimeout> | undefined;
  #garbageTold = 0;
  #closed = false;

  constructor(options: BrokerOptions) {
    this.#options = options;
    const { keeper, shape } = options;
    this.#pacer = new Pacer(shape, keeper, (outlet, frames) =>
      (outlet as Process).pipe.send(message(FromBroker.credit, frames >> 8, frames & 0xff)),
    );
    this.#deframer = new Deframer((frame) => this.#fromLine(frame));
    keeper.onData = (chunk) => {
      this.#deframer.push(chunk);
      if (this.#deframer.garbage !== this.#garbageTold) this.#tellHeard();
    };
    keeper.onUp = () => {
      this.#deframer.reset();
      this.#pacer.up();
      this.#tell(message(FromBroker.line, 1));
    };
    keeper.onDown = () => {
      this.#pacer.down();
      this.#tell(message(FromBroker.line, 0));
    };
    keeper.onDrain = () => this.#pacer.pump();
  }

  /** A process wants to use the port. */
  add(pipe: Pipe): void {
    const process: Process = { pipe, queue: [], joined: false };
    this.#processes.add(process);
    pipe.onMessage = (received) => this.#take(process, received);
    pipe.onClose = () => this.#gone(process);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#heardTimer);
    this.#pacer.stop();
    this.#options.keeper.close();
    for (const { pipe } of this.#processes) pipe.close();
    this.#processes.clear();
  }

  #take(process: Process, received: Buffer): void {
    const op = received[0];
    if (op === ToBroker.join) this.#join(process, received.subarray(1));
    if (op === ToBroker.join || !process.joined) return;
    const channel = received[1] ?? 0;
    if (op === ToBroker.frame) this.#pacer.take(process, received.subarray(1));
    else if (op === ToBroker.listen) {
      const owner = this.#listeners.get(channel);
      if (!owner) this.#listeners.set(channel, process);
      const free = !owner || owner === process;
      process.pipe.send(message(free ? FromBroker.listening : FromBroker.channelTaken, channel));
    } else if (op === ToBroker.unlisten) {
      if (this.#listeners.get(channel) === process) this.#listeners.delete(channel);
    } else if (op === ToBroker.claim) {
      const key = readKey(received);
      const owner = this.#connections.get(key);
      if (owner && owner !== process) process.pipe.send(keyMessage(FromBroker.claimTaken, key));
      else this.#connections.set(key, process);
    } else if (op === ToBroker.release) {
      const key = readKey(received);
      if (this.#connections.get(key) === process) this.#connections.delete(key);
    }
  }

  #join(process: Process, json: Buffer): void {
    const { shape, otherBaud, otherVersion, keeper } = this.#options;
    const { version, baud } = readJoining(json);
    if (baud !== shape.baud && ![...this.#processes].some(({ joined }) => joined)) {
      // Only the last frames of those who left are waited for: the port is free.
      this.#options.idle();
      return;
    }
    const error = version !== BROKER_VERSION ? otherVersion() : baud !== shape.baud ? otherBaud(baud) : null;
    if (error) {
      process.pipe.send(jsonMessage(FromBroker.rejected, error.toWire()));
      return;
    }
    process.joined = true;
    process.pipe.send(message(FromBroker.joined));
    process.pipe.send(message(FromBroker.line, keeper.up ? 1 : 0));
    this.#pacer.add(process);
  }

  #gone(process: Process): void {
    this.#processes.delete(process);
    this.#pacer.remove(process);
    for (const [channel, owner] of this.#listeners) if (owner === process) this.#listeners.delete(channel);
    for (const [key, owner] of this.#connections) {
      if (owner !== process) continue;
      this.#connections.delete(key);
      // It was killed, or it would have said so itself: the other end is not left to find out by silence.
      const head = { fromAcceptor: key >>> 24 === 1, channel: (key >>> 16) & 0xff, id: key & 0xffff };
      this.#pacer.control(makeFrame({ ...head, kind: Kind.reset }));
    }
    this.#leave(performance.now() + LEAVE_MS);
  }

  /** Lets the port go when nobody is left and the last frames, which say so to the other end, are on the line. */
  #leave(deadline: number): void {
    if (this.#processes.size > 0 || this.#closed) return;
    if (this.#pacer.idle || performance.now() > deadline) this.#options.idle();
    else setTimeout(() => this.#leave(deadline), 5);
  }

  #fromLine(frame: Buffer): void {
    const head = headOf(frame);
    if (!head) return;
    const key = keyOf(head.fromAcceptor ? 'initiator' : 'acceptor', head.channel, head.id);
    const owner = this.#connections.get(key);
    if (owner) owner.pipe.send(withOp(FromBroker.frame, frame));
    else if (head.kind === Kind.open && !head.fromAcceptor) this.#called(head, frame, key);
    else if (head.kind !== Kind.reset && head.kind !== Kind.refuse && !this.#graceful)
      this.#pacer.control(makeFrame({ ...head, kind: Kind.reset, fromAcceptor: !head.fromAcceptor }));
  }

  #called(head: Head, frame: Buffer, key: number): void {
    // Our own call, come back: the line echoes.
    if (this.#connections.has(keyOf('initiator', head.channel, head.id))) return;
    const listener = this.#listeners.get(head.channel);
    if (listener) {
      this.#connections.set(key, listener);
      listener.pipe.send(withOp(FromBroker.frame, frame));
    } else if (!this.#graceful)
      this.#pacer.control(
        refuseFrame({ ...head, fromAcceptor: true }, Refusal.nobody, this.#options.shape.baud),
      );
  }

  get #graceful(): boolean {
    return performance.now() - this.#started < GRACE_MS;
  }

  #tell(told: Buffer): void {
    for (const { pipe, joined } of this.#processes) if (joined) pipe.send(told);
  }

  /** Soon, and not for each piece: noise on a line comes thick. */
  #tellHeard(): void {
    if (this.#heardTimer) return;
    this.#heardTimer = setTimeout(() => {
      this.#heardTimer = undefined;
      const { garbage, frames } = this.#deframer;
      this.#garbageTold = garbage;
      const told = Buffer.alloc(9);
      told[0] = FromBroker.heard;
      told.writeUInt32BE(garbage >>> 0, 1);
      told.writeUInt32BE(frames >>> 0, 5);
      this.#tell(told);
    }, HEARD_EVERY_MS).unref();
  }
}

function readJoining(json: Buffer): Joining {
  try {
    return JSON.parse(json.toString()) as Joining;
  } catch {
    return { version: 0, baud: 0 };
  }
}
