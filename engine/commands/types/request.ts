import { engineErrors } from '../../errors.ts';
import { parseNumber } from '../../expressions/numbers.ts';
import { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';

/** What the options of `dt` ask for. */
export interface TypeStyle {
  /** `-a[N]`: each element of an array on a line, N of them; 0: all; null: not asked for. */
  readonly arrays: number | null;
  /** `-c`. */
  readonly compact: boolean;
  /** `-i`: without indentation. */
  readonly flush: boolean;
  /** `-o`: without offsets. */
  readonly bare: boolean;
  /** `-v`. */
  readonly verbose: boolean;
  /** Levels of members below the object's own. */
  readonly levels: number;
  /** `-r` goes through pointers, `-b` does not. */
  readonly follows: boolean;
}

export interface DtOptions extends TypeStyle {
  /** `-d`: whole types where a pattern lists names. */
  readonly whole: boolean;
  /** `-e`, `-t`: no variables. */
  readonly typesOnly: boolean;
  /** `-s`; null: any. */
  readonly size: bigint | null;
  readonly physical: number | null;
  readonly help: boolean;
}

/** One step of a field's name: `arr[3]`. */
export interface FieldStep {
  readonly name: string;
  readonly indexes: readonly number[];
}

/** `f`, `f.g`, `f.` (members of f), `f*`. */
export interface FieldPath {
  readonly steps: readonly FieldStep[];
  /** Dots at the end: as many levels of members. */
  readonly members: number;
  readonly prefix: boolean;
  readonly at: number;
}

export interface Word {
  readonly text: string;
  readonly at: number;
  /** `-n` stood before it: a name, whatever it looks like. */
  readonly isName: boolean;
  /** `-y`: the beginning of a name. */
  readonly prefix: boolean;
}

type Changes = { -readonly [Key in keyof DtOptions]: DtOptions[Key] };

const DEEPEST = 9;

export class DtArguments {
  readonly #context: CommandContext;
  readonly #args: Args;
  readonly options: Changes = {
    arrays: null,
    compact: false,
    flush: false,
    bare: false,
    verbose: false,
    levels: 0,
    follows: false,
    whole: false,
    typesOnly: false,
    size: null,
    physical: null,
    help: false,
  };
  /** `-l`. */
  list: FieldPath | null = null;
  #isName = false;
  #prefix = false;

  constructor(context: CommandContext, args: Args) {
    this.#context = context;
    this.#args = args;
  }

  get at(): number {
    return this.#args.next;
  }

  /** How deep what is left may go: the most dots in a word, and one. */
  get dots(): number {
    const words = this.#args.peekRest().split(/\s+/);
    return Math.max(...words.map((word) => (word === '' ? 0 : word.split('.').length)));
  }

  /** Takes options; true when nothing is left behind them. */
  async done(): Promise<boolean> {
    while (!this.#args.done && this.#args.text[this.at] === '-') await this.#option();
    return this.#args.done;
  }

  fail(at = this.at): never {
    this.#args.fail(at);
  }

  /** A name of a type or variable, with `struct` before it or blanks within `<…>` or `(…)`. */
  name(): Word {
    const at = this.at;
    const text = this.#args.text;
    let end = /(?:(?:struct|union|class|enum)\s+)?/y.exec(text.slice(at))?.[0].length ?? 0;
    end += at;
    let depth = 0;
    for (; end < text.length && (depth > 0 || !/\s/.test(text[end] ?? '')); end++) {
      if ('<('.includes(text[end] ?? '')) depth++;
      else if ('>)'.includes(text[end] ?? '')) depth--;
    }
    this.#args.position = end;
    const typed = text
      .slice(at, end)
      .replace(/^((?:\w+!)?)\((.*)\)(?=$|\[)/, '$1$2')
      .replace(/\s+/g, ' ');
    return this.#word(typed, at);
  }

  /** Up to the next blank. */
  word(): Word {
    const at = this.at;
    return this.#word(this.#args.word() ?? '', at);
  }

  /** The address at an offset, up to the next option: `g_head -l next` subtracts nothing. */
  async address(at: number): Promise<bigint> {
    const { line, end } = this.#args;
    const option = /\s-[a-z]\w*(?=\s|$)/i.exec(this.#args.text.slice(at));
    const inner = new Args(line, at, option ? at + option.index : end);
    const value = await this.#context.evaluate(inner);
    this.#args.position = inner.position;
    return value;
  }

  #word(text: string, at: number): Word {
    const word = { text, at, isName: this.#isName, prefix: this.#prefix };
    this.#isName = false;
    this.#prefix = false;
    return word;
  }

  /** One, or several in one word: `-ny`. */
  async #option(): Promise<void> {
    const at = this.at;
    const match = this.#args.match(/-(?:[bcdehinopstvylar]|(?<=a)\d+|(?<=r)[1-9])+(?=\s|$)/y);
    if (!match) this.fail(at);
    for (const [, letter = '', number] of match[0].matchAll(/([a-z])(\d*)/g))
      await this.#letter(letter, number, at);
  }

  async #letter(letter: string, number: string | undefined, at: number): Promise<void> {
    const { options } = this;
    if (letter === 'a') options.arrays = Number(number || 0);
    else if (letter === 'r') deepen(options, Number(number || DEEPEST), true);
    else if (letter === 'b') deepen(options, DEEPEST, false);
    else if (letter === 'n') this.#isName = true;
    else if (letter === 'y') this.#prefix = true;
    else if (letter === 'p') options.physical = at;
    else if (letter === 's') options.size = await this.#size();
    else if (letter === 'l') this.list = this.#listField();
    else setFlag(options, letter);
  }

  async #size(): Promise<bigint> {
    const { at } = this;
    const size = parseNumber(this.#args.word() ?? '', this.#context.state.radix);
    if (size === null) this.fail(at);
    return size;
  }

  #listField(): FieldPath {
    const { at } = this;
    const path = fieldPath({ text: this.#args.word() ?? '', at, isName: true, prefix: false });
    if (!path || path.prefix || path.members > 0) this.fail(at);
    return path;
  }
}

function deepen(options: Changes, levels: number, follows: boolean): void {
  options.levels = levels;
  options.follows = follows;
}

function setFlag(options: Changes, letter: string): void {
  if (letter === 'c') options.compact = true;
  else if (letter === 'i') options.flush = true;
  else if (letter === 'o') options.bare = true;
  else if (letter === 'v') options.verbose = true;
  else if (letter === 'd') options.whole = true;
  else if (letter === 'h') options.help = true;
  else options.typesOnly = true;
}

/** A word as the name of fields; null where it cannot be one. Subscripts are decimal whatever the radix. */
export function fieldPath({ text, at, prefix }: Word): FieldPath | null {
  const match = /^((?:[A-Za-z_$~][\w$]*(?:\[\d{1,9}\])*\.)*[A-Za-z_$~][\w$]*(?:\[\d{1,9}\])*)(\.+|\*)?$/.exec(
    text,
  );
  if (!match) return null;
  const [, names = '', end = ''] = match;
  const steps = names.split('.').map((step) => ({
    name: step.replace(/\[.*/, ''),
    indexes: [...step.matchAll(/\[(\d+)\]/g)].map((index) => Number(index[1])),
  }));
  const members = end.startsWith('.') ? end.length : 0;
  return { steps, members, prefix: prefix || end !== '', at };
}

export function noSuchField(at: number): Error {
  return engineErrors.badArgument('Cannot find specified field members.', at);
}
