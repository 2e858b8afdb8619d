import type { Stub, StubStatus } from '../../../engine/stub/stub.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import type { StubFacts, StubLink } from '../../ipc/contract.ts';
import { MachineView } from '../machines/machine-view.ts';

/** The stub that the window is connected to, as long as it is: through any number of sessions, one after another. */
export class StubConnection {
  readonly stub: Stub;
  readonly view: MachineView;
  #link: StubLink = { state: 'up' };
  #ended: { readonly error: HawserError | null } | null = null;

  /** @param changed its link was lost, is back, or the stub has ended */
  constructor(stub: Stub, changed: () => void) {
    this.stub = stub;
    this.view = new MachineView(stub.machine);
    this.#take(stub.status);
    stub.onStatus((status) => {
      this.#take(status);
      changed();
    });
    if (!this.#ended && this.offersMore) this.view.prefetch();
  }

  /** For good; `error` null: closed by this end. */
  get ended(): { readonly error: HawserError | null } | null {
    return this.#ended;
  }

  /** Whether one can attach or start something through it, beside the process that it may have. */
  get offersMore(): boolean {
    return this.stub.attach === true || this.stub.launch === true;
  }

  get facts(): StubFacts {
    const { kind, connection, machineName, attach, launch, kernel } = this.stub;
    const more = kernel && { kernel: { server: kernel.server } };
    return { kind, connection, machine: machineName, attach, launch, ...more, link: this.#link };
  }

  close(): Promise<void> {
    return this.stub.close();
  }

  #take(status: StubStatus): void {
    if (status.state === 'ended') {
      this.#ended = { error: status.error };
      this.#link = { state: 'ended' };
    } else if (status.state === 'up') this.#link = { state: 'up' };
    else {
      const since = this.#link.state === 'lost' ? this.#link.since : Date.now();
      this.#link = { state: 'lost', error: status.error.toWire(), since, until: status.until };
    }
  }
}
