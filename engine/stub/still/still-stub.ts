import type { Socket } from 'node:net';
import { engineErrors } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import { encodePacket, RspReader } from '../rsp/packets.ts';
import { openPrivateSocket, type PrivateSocket } from '../rsp/private-socket.ts';
import type { Stub, StubDebugger, StubStatus, StubTraffic } from '../stub.ts';
import { StillAnswers } from './answers.ts';
import type { StillTarget } from './still-target.ts';

const NOT_RUN = 'it is only looked at, through the machine that it is in';

/** A stub of our own for a process that somebody else holds: a GDB of its own knows its files and unwinds its stacks. */
export class StillStub implements Stub {
  readonly kind = 'bare';
  readonly hasProcess = true;
  readonly implicitCommandLine = null;
  readonly attach = NOT_RUN;
  readonly launch = NOT_RUN;
  readonly status: StubStatus = { state: 'up' };
  readonly #target: StillTarget;

  constructor(target: StillTarget) {
    this.#target = target;
  }

  get connection(): string {
    return this.#target.name;
  }

  get machineName(): string {
    return this.#target.name;
  }

  get machine(): Machine {
    return this.#target.machine;
  }

  async architecture(): Promise<string> {
    return this.#target.architecture === 'x86-64' ? 'x86_64' : this.#target.architecture;
  }

  onStatus(): () => void {
    return () => {};
  }

  async openDebugger(): Promise<StubDebugger> {
    const answers = new StillAnswers(this.#target);
    return new StillDebugger(await openPrivateSocket((socket) => serve(socket, answers)));
  }

  async endServer(): Promise<void> {
    throw engineErrors.unsupported('Ending this stub from here', NOT_RUN);
  }

  async close(): Promise<void> {}
}

class StillDebugger implements StubDebugger {
  readonly terminal = NOT_RUN;
  readonly traffic: StubTraffic = { roundTrips: 0, packets: 0, sent: 0, received: 0 };
  readonly #socket: PrivateSocket;

  constructor(socket: PrivateSocket) {
    this.#socket = socket;
  }

  get socket(): string {
    return this.#socket.path;
  }

  onEnded(): () => void {
    return () => {};
  }

  onMessage(): () => void {
    return () => {};
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

/** One packet after the other, each acknowledged until GDB asks for that to end. */
function serve(socket: Socket, answers: StillAnswers): void {
  const reader = new RspReader();
  let acks = true;
  let turn: Promise<void> = Promise.resolve();
  const reply = async (body: Buffer) => {
    const answer = await answers.answer(body).catch(() => 'E01');
    if (answer !== null && !socket.destroyed) socket.write(encodePacket(answer));
    if (body.toString('latin1') === 'QStartNoAckMode') acks = false;
  };
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk, (item) => {
      if (item.kind !== 'packet') return;
      const body = Buffer.from(item.body);
      turn = turn.then(() => {
        if (acks) socket.write('+');
        return reply(body);
      });
    });
  });
}
