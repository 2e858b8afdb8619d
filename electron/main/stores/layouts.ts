import type { LayoutKind, Layouts } from '../../ipc/contract.ts';
import { JsonFile, type StoreLog } from './json-file.ts';
import { layoutsSchema } from './schemas.ts';

/** How the windows were left, for each kind of session. */
export class LayoutStore {
  readonly #file: JsonFile<Layouts>;

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile<Layouts>(path, layoutsSchema, () => layoutsSchema.parse({}), log);
  }

  all(): Layouts {
    return this.#file.read();
  }

  /** @param layout '' for the one that comes with the program */
  set(kind: LayoutKind, layout: string): void {
    this.#file.update((layouts) => ({ ...layouts, [kind]: layout }));
  }
}
