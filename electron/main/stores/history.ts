import { JsonFile, type StoreLog } from './json-file.ts';
import { historySchema } from './schemas.ts';

const KEPT = 1000;
/** A pasted script is not worth keeping whole. */
const LONGEST = 4096;

/** Commands may hold a password (`.server tcp:port=5005,password=…`): those are never kept. */
const HAS_SECRET = /password\s*=/i;

/** The commands typed, oldest first, across starts of the program. */
export class HistoryStore {
  readonly #file: JsonFile<string[]>;

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile(path, historySchema, () => [], log);
  }

  list(): readonly string[] {
    return this.#file.read();
  }

  append(command: string): void {
    if (command.trim() === '' || command.length > LONGEST || HAS_SECRET.test(command)) return;
    this.#file.update((commands) => [...commands.filter((old) => old !== command), command].slice(-KEPT));
  }
}
