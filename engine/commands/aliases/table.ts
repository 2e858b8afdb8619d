import { engineErrors } from '../../errors.ts';
import type { AliasLookup } from './expand.ts';
import { expandAliases } from './expand.ts';

/** WinDbg takes 4096 characters in all; files and the output of commands are longer. */
const LONGEST_VALUE = 0x1_0000;
const MOST = 4096;
/** To look a word up takes as long as it is. */
const LONGEST_NAME = 1024;
/** A text with its aliases replaced. */
const LONGEST_TEXT = 0x10_0000;

/** Names that count in one place only: the variable of `.foreach`, the arguments of a script. */
export type LocalNames = ReadonlyMap<string, string>;

interface Alias {
  readonly value: string;
  /** It came from the owner of the session. What others have set must not run with the owner's rights. */
  readonly trusted: boolean;
}

export interface Expanded {
  readonly text: string;
  /** An alias in it is not trusted. */
  readonly foreign: boolean;
}

/** The session's aliases. */
export class AliasTable {
  readonly #named = new Map<string, Alias>();
  readonly #fixed = new Array<Alias>(10).fill({ value: '', trusted: true });
  /** `$CurrentDumpFile` and the like; null: no such name, or none now. */
  automatic: (name: string) => string | null = () => null;

  set(name: string, value: string, trusted: boolean): void {
    if (name.length > LONGEST_NAME)
      throw engineErrors.tooMuch('The name of an alias', LONGEST_NAME, 'characters');
    if (value.length > LONGEST_VALUE)
      throw engineErrors.tooMuch(`The text of alias ${name}`, LONGEST_VALUE, 'characters');
    if (!this.#named.has(name) && this.#named.size >= MOST)
      throw engineErrors.tooMuch('The list of aliases', MOST, 'names', 'ad takes some out.');
    this.#named.set(name, { value, trusted });
  }

  /** False: there is none. */
  delete(name: string): boolean {
    return this.#named.delete(name);
  }

  clear(): void {
    this.#named.clear();
  }

  /** By name. */
  all(): readonly (readonly [name: string, value: string])[] {
    return [...this.#named]
      .map(([name, { value }]) => [name, value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  setFixed(digit: number, value: string, trusted: boolean): void {
    if (value.length > LONGEST_VALUE)
      throw engineErrors.tooMuch(`The text of alias $u${digit}`, LONGEST_VALUE, 'characters');
    this.#fixed[digit] = { value: value.trim(), trusted };
  }

  /** @throws HawserError `TOO_MUCH` when it becomes too long */
  expand(text: string, local: LocalNames): Expanded {
    let foreign = false;
    const worth = (alias: Alias | undefined): string | null => {
      foreign ||= alias?.trusted === false;
      return alias?.value ?? null;
    };
    const lookup: AliasLookup = {
      fixed: (digit) => worth(this.#fixed[digit]) ?? '',
      // A long word is no name, and looking it up costs a pass over it for each table.
      named: (name) =>
        name.length > LONGEST_NAME
          ? null
          : (local.get(name) ?? worth(this.#named.get(name)) ?? this.automatic(name)),
    };
    const expanded = expandAliases(text, lookup, LONGEST_TEXT);
    if (expanded === null)
      throw engineErrors.tooMuch('The line with its aliases replaced', LONGEST_TEXT, 'characters');
    return { text: expanded, foreign };
  }
}
