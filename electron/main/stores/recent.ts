import type { RecentEntry } from '../../ipc/contract.ts';
import { JsonFile, type StoreLog } from './json-file.ts';
import { recentSchema } from './schemas.ts';

const KEPT = 10;

/** What was connected to and opened, newest first. Whoever adds an entry has taken the password out of it. */
export class RecentStore {
  readonly #file: JsonFile<RecentEntry[]>;
  readonly #changed: () => void;
  #count: number | undefined;

  constructor(path: string, log: StoreLog, changed: () => void) {
    this.#file = new JsonFile(path, recentSchema, () => [], log);
    this.#changed = changed;
  }

  list(): readonly RecentEntry[] {
    this.#count = undefined;
    return this.#file.read();
  }

  /** As of the last look at the list: asked at every change of what can be used. */
  get count(): number {
    this.#count ??= this.#file.read().length;
    return this.#count;
  }

  add(entry: RecentEntry): void {
    this.#file.update((entries) => [entry, ...entries.filter((old) => !same(old, entry))].slice(0, KEPT));
    this.#count = undefined;
    this.#changed();
  }

  clear(): void {
    this.#file.write([]);
    this.#count = undefined;
    this.#changed();
  }
}

const same = (a: RecentEntry, b: RecentEntry) => a.kind === b.kind && a.text === b.text && a.args === b.args;
