import { type HawserError, toHawserError } from '../../../transports/errors/error.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Stub, StubDebugger, StubStatus } from '../stub.ts';
import type { StubLink } from './link.ts';
import { RemoteDebugger } from './remote-debugger.ts';
import { RemoteMachine } from './remote-machine.ts';

/** A process server, from the smart client's end. */
export class ProcessServer implements Stub {
  readonly kind = 'processServer';
  readonly connection: string;
  readonly machineName: string;
  readonly machine: Machine;
  readonly hasProcess = false;
  readonly implicitCommandLine: string | null;
  readonly attach = true;
  readonly launch = true;
  readonly #link: StubLink;
  readonly #debuggers = new Set<RemoteDebugger>();
  #closing: Promise<void> | null = null;

  constructor(link: StubLink, connection: string) {
    this.#link = link;
    this.connection = connection;
    this.machineName = link.welcome.machine.host;
    this.machine = new RemoteMachine(link);
    this.implicitCommandLine = link.welcome.implicitCommandLine;
  }

  get status(): StubStatus {
    return this.#link.status;
  }

  onStatus(listener: (status: StubStatus) => void): () => void {
    return this.#link.onStatus(listener);
  }

  async openDebugger(signal?: AbortSignal): Promise<StubDebugger> {
    const opened: RemoteDebugger = await RemoteDebugger.open(this.#link, signal, () =>
      this.#debuggers.delete(opened),
    );
    this.#debuggers.add(opened);
    return opened;
  }

  async architecture(): Promise<string> {
    return this.#link.welcome.machine.architecture;
  }

  async endServer(): Promise<void> {
    try {
      await this.#link.request('stub/endServer', {});
    } catch (error) {
      // It may have gone before its answer came.
      if (!isEnd(toHawserError(error))) throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#debuggers].map((opened) => opened.close()));
    await this.#link.close();
  }
}

const isEnd = ({ code }: HawserError) => code === 'SERVER_ENDED';
