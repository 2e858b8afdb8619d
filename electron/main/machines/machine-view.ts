import type { Machine } from '../../../engine/machine/machine.ts';
import type { Folder, ProcessList } from '../../ipc/contract.ts';

/** Folders whose listing is kept. */
const KEPT_FOLDERS = 64;

/**
 * What the dialogs show of a machine. What was seen last is kept, so that opening a dialog costs no round trip;
 * who asks twice at a time is answered once.
 */
export class MachineView {
  readonly #machine: Machine;
  #processes: ProcessList | null = null;
  #asking: Promise<ProcessList> | null = null;
  /** By the path that was asked for. */
  readonly #folders = new Map<string, Folder>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get machine(): Machine {
    return this.#machine;
  }

  get knownProcesses(): ProcessList | null {
    return this.#processes;
  }

  /** @throws HawserError `UNSUPPORTED` with the reason where the machine lists none */
  processes(): Promise<ProcessList> {
    this.#asking ??= this.#list().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  knownFolder(path: string): Folder | null {
    return this.#folders.get(path) ?? null;
  }

  async folder(path: string): Promise<Folder> {
    const { entries, more, parent, path: full } = await this.#machine.folder(path);
    const folder: Folder = { path: full, parent, entries, more };
    for (const key of [path, full]) {
      this.#folders.delete(key);
      this.#folders.set(key, folder);
    }
    for (const key of this.#folders.keys()) {
      if (this.#folders.size <= KEPT_FOLDERS) break;
      this.#folders.delete(key);
    }
    return folder;
  }

  /** Asks for what a dialog will want first. What cannot be had is said when the dialog asks. */
  prefetch(): void {
    for (const asked of [this.processes(), this.folder('')]) asked.catch(() => undefined);
  }

  async #list(): Promise<ProcessList> {
    const found = await this.#machine.processes();
    const processes = found.map(({ pid, name, user, commandLine, architecture, started, obstacle }) => ({
      pid,
      name,
      user,
      commandLine,
      architecture,
      started,
      obstacle,
    }));
    this.#processes = { processes, taken: Date.now() };
    return this.#processes;
  }
}
