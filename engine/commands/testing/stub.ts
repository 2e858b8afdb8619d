import { hostname } from 'node:os';
import { engineErrors } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Stub, StubStatus } from '../../stub/stub.ts';

/** A process server's client end that is none: for what the command language does with one. */
export class StubDouble implements Stub {
  readonly kind = 'processServer';
  readonly connection: string;
  readonly machineName = 'birch';
  readonly machine: Machine;
  readonly hasProcess = false;
  readonly implicitCommandLine = null;
  readonly attach = true;
  readonly launch = true;
  status: StubStatus = { state: 'up' };
  closed = 0;
  ended = 0;
  readonly #listeners = new Set<(status: StubStatus) => void>();

  constructor(connection: string, processes: Machine['processes'] = async () => []) {
    this.connection = connection;
    this.machine = { processes } as Machine;
  }

  onStatus(listener: (status: StubStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(status: StubStatus): void {
    this.status = status;
    for (const listener of this.#listeners) listener(status);
  }

  async architecture(): Promise<string> {
    return '';
  }

  async openDebugger(): Promise<never> {
    throw engineErrors.unsupported('A debugger', `this is a double on ${hostname()}`);
  }

  async endServer(): Promise<void> {
    this.ended++;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}
