import {
  connectionTo,
  findMachines,
  listServers,
  plainMachine,
  wantAnnouncing,
} from '../../transports/directory/index.ts';
import type { BrowsedServer, FoundMachine, KnownMachines } from '../ipc/contract.ts';
import type { SettingsStore } from './stores/settings.ts';

const KEPT = 10;

/** Asks machines for their servers, one at a time, and remembers which could be asked. */
export class Browse {
  readonly #settings: SettingsStore;
  #asking: AbortController | null = null;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
    wantAnnouncing(settings.value.announce);
  }

  get known(): KnownMachines {
    const { machines, announce } = this.#settings.value;
    return { asked: machines, announced: announce };
  }

  /** Holds at once for looking, and for being found from the next server on. */
  announce(on: boolean): void {
    this.#settings.set({ announce: on });
    wantAnnouncing(on);
  }

  async found(): Promise<readonly FoundMachine[]> {
    return this.known.announced ? findMachines() : [];
  }

  /** @throws HawserError why it could not be asked; `CANCELLED` */
  async list(machine: string): Promise<readonly BrowsedServer[]> {
    this.cancel();
    const asking = new AbortController();
    this.#asking = asking;
    const servers = await listServers(machine, { signal: asking.signal });
    this.#remember(plainMachine(machine));
    return servers.map((server) => ({
      kind: server.kind,
      connection: server.connection,
      connect: connectionTo(machine, server),
      user: server.user,
      program: server.program,
      started: server.started,
      answering: server.answering,
    }));
  }

  cancel(): void {
    this.#asking?.abort();
    this.#asking = null;
  }

  #remember(machine: string): void {
    const name = machine.toLowerCase();
    const others = this.known.asked.filter((each) => each.toLowerCase() !== name);
    if (machine !== '') this.#settings.set({ machines: [machine, ...others].slice(0, KEPT) });
  }
}
