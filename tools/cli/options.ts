/**
 * Command-line options as WinDbg's tools take them: a word that begins with `-`, `/` or an en dash (which
 * word processors make of `-`); options first, then the program and its arguments, which are left alone.
 */
export interface OptionSpec {
  readonly names: readonly string[];
  /** Placeholder of its value in the help; without one it is a switch. */
  readonly value?: string;
  readonly help: string;
  /** Only `-G` itself means it, not `-g`: those that WinDbg's tools tell apart by case. */
  readonly caseSensitive?: boolean;
  /** May be given more than once, with a value each time. */
  readonly repeats?: true;
  /** Must be the first word. */
  readonly first?: boolean;
  /** One of WinDbg's that there is not here: why, and what to use instead. Not listed. */
  readonly refused?: string;
}

export interface ParsedOptions {
  /** By the option's first name. */
  readonly values: ReadonlyMap<string, string>;
  /** All values of those that may be repeated, likewise. */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

/** Something wrong with the command line: printed with the tool's usage, exit status 2. */
export class UsageError extends Error {}

const DASH = /^[-\u2013/]/;

export function parseOptions(argv: readonly string[], specs: readonly OptionSpec[]): ParsedOptions {
  const values = new Map<string, string>();
  const repeated = new Map<string, string[]>();
  let index = 0;
  for (; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!DASH.test(word) || word.length === 1) break;
    const found = lookUp(word.slice(1), specs);
    // `/usr/bin/true` is a program, not an unknown option.
    if (found.length === 0 && word.startsWith('/')) break;
    if (found.length === 0) throw new UsageError(`Unknown option '${word}'.`);
    for (const spec of found) {
      const name = spec.names[0] ?? '';
      if (spec.refused !== undefined) throw new UsageError(`'${word}' is not available: ${spec.refused}`);
      if (spec.first && index > 0) throw new UsageError(`'${word}' must be the first option.`);
      if (values.has(name) && !spec.repeats) throw new UsageError(`'${word}' is given twice.`);
      if (spec.value === undefined) values.set(name, '');
      else {
        const value = argv[++index];
        if (value === undefined) throw new UsageError(`'${word}' needs a value: ${spec.value}.`);
        values.set(name, value);
        if (spec.repeats) repeated.set(name, [...(repeated.get(name) ?? []), value]);
      }
    }
  }
  return { values, repeated, rest: argv.slice(index) };
}

/** The option a word names; or several switches of one letter run together, as in `-gG`. */
function lookUp(name: string, specs: readonly OptionSpec[]): readonly OptionSpec[] {
  const one = specs.find((spec) => spec.names.some((each) => matches(name, each, spec)));
  if (one) return [one];
  const letters = [...name].map((letter) =>
    specs.find(
      (spec) =>
        spec.value === undefined &&
        spec.names.some((each) => each.length === 1 && matches(letter, each, spec)),
    ),
  );
  return letters.length > 1 && letters.every((spec) => spec !== undefined) ? letters : [];
}

function matches(word: string, name: string, spec: OptionSpec): boolean {
  return spec.caseSensitive ? word === name : word.toLowerCase() === name.toLowerCase();
}

/** The options as a help text lists them. */
export function optionLines(all: readonly OptionSpec[]): string {
  const specs = all.filter(({ refused }) => refused === undefined);
  const heads = specs.map(
    (spec) => `${spec.names.map((name) => `-${name}`).join(', ')}${spec.value ? ` ${spec.value}` : ''}`,
  );
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  return specs
    .map(
      (spec, index) =>
        `  ${(heads[index] ?? '').padEnd(width)}${spec.help.split('\n').join(`\n  ${' '.repeat(width)}`)}`,
    )
    .join('\n');
}
