import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { StubTraffic } from '../stub.ts';
import { Adapter, type AdapterOptions } from './adapter.ts';
import type { FarSteps } from './far-steps.ts';
import { encodePacket, type RspPacket, textOf } from './packets.ts';
import { openPrivateSocket } from './private-socket.ts';
import { StubLine } from './stub-line.ts';

export interface GdbSocketOptions extends AdapterOptions {}

/** Where GDB meets a stub: a Unix socket of this user's alone, which takes one connection. */
export interface GdbSocket {
  /** Path for `target extended-remote`. */
  readonly socket: string;
  readonly traffic: StubTraffic;
  /** The stub has a process, as far as has been seen. */
  readonly holds: boolean;
  /** The stub's stream has ended, and GDB's with it; `cause`: the stream's error, if it had one. Called once. */
  onEnded(listener: (cause: Error | null) => void): () => void;
  /**
   * Packets of our own beside GDB's, as bodies; answers in their order. None that resumes the target or chooses a thread.
   * Rejects TARGET_RUNNING while the target runs, STUB_DIED when the stub ends.
   */
  ask(packets: readonly string[]): Promise<string[]>;
  /** As {@link ask}, with frames, and answers as they came. */
  askPackets(raws: readonly Buffer[]): Promise<readonly RspPacket[]>;
  /** Much memory, past GDB; null: GDB has to read it. Rejects as {@link ask}. */
  readMemory(address: bigint, length: number): Promise<Uint8Array | null>;
  /** 0x03 to a target that runs; false: it stands. */
  breakIn(): boolean;
  /** See StubDebugger. */
  stepFar(steps: FarSteps | null): boolean;
  /** Ends GDB's connection; what the stub still holds is let go, its stream stays. */
  leave(): Promise<void>;
  /** Ends GDB's connection and the stub's stream. Idempotent. */
  close(): Promise<void>;
}

/** `stream`: a stub's bytes, nothing said yet; or a line that has been talked over already. */
export async function openGdbSocket(
  stream: Duplex | StubLine,
  options: GdbSocketOptions = {},
): Promise<GdbSocket> {
  const line = stream instanceof StubLine ? stream : new StubLine(stream);
  const adapter = new Adapter(line, options);
  let gdb: Socket | null = null;
  const opened = await openPrivateSocket((socket) => {
    gdb = socket;
    adapter.connect(socket);
  });
  const forget = line.onEnded(() => {
    // What GDB has been sent is to reach it.
    gdb?.end();
    opened.leave().catch(() => {});
  });
  return {
    socket: opened.path,
    traffic: line.traffic,
    get holds() {
      return adapter.holds;
    },
    onEnded: (listener) => line.onEnded(listener),
    ask: async (packets) => (await adapter.ask(packets.map((body) => encodePacket(body)))).map(textOf),
    askPackets: (raws) => adapter.ask(raws),
    readMemory: (address, length) => adapter.readMemory(address, length),
    breakIn: () => adapter.breakIn(),
    stepFar: (steps) => adapter.stepFar(steps),
    leave: async () => {
      forget();
      await opened.close();
      await adapter.letGo();
    },
    close: async () => {
      line.close();
      await opened.close();
    },
  };
}
