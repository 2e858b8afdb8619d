import { JsonFile, type StoreLog } from './json-file.ts';
import { type Settings, settingsSchema } from './schemas.ts';

export class SettingsStore {
  readonly #file: JsonFile<Settings>;
  #value: Settings;

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile(path, settingsSchema, () => settingsSchema.parse({}), log);
    this.#value = this.#file.read();
  }

  get value(): Settings {
    return this.#value;
  }

  set(change: Partial<Settings>): void {
    this.#value = { ...this.#value, ...change };
    this.#file.write(this.#value);
  }
}
