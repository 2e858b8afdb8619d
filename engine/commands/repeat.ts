import type { Caller } from './host.ts';
import type { NameMatch } from './names.ts';

/** More callers than this are forgotten, oldest first. */
const MAX_CALLERS = 64;

/** What ENTER on an empty line repeats, for each caller apart. */
export class RepeatMemory {
  readonly #lines = new Map<number, string>();

  recall(caller: Caller): string {
    return this.#lines.get(keyOf(caller)) ?? '';
  }

  /** `commands`: the line's. A single one that goes on where it stopped is repeated without arguments. */
  remember(caller: Caller, line: string, commands: readonly (NameMatch | null)[]): void {
    const key = keyOf(caller);
    this.#lines.delete(key);
    if (line === '' || commands.some((command) => command?.entry.once)) return;
    const [only, more] = commands;
    this.#lines.set(key, only?.entry.continues && more === undefined ? only.name : line);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > MAX_CALLERS && oldest !== undefined) this.#lines.delete(oldest);
  }
}

function keyOf(caller: Caller): number {
  return caller.client?.id ?? 0;
}
