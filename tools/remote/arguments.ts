import { type ColorName, type Colors, colorName, colorNames } from '../../engine/shared-console/colors.ts';
import { nameProblem } from '../../engine/shared-console/pipe-name.ts';
import type { SharingCertificate } from '../../engine/shared-console/pipe-string.ts';
import { DEFAULT_LINES, MOST_LINES } from '../../engine/shared-console/protocol.ts';
import { UsageError } from '../cli/options.ts';

interface Common extends Colors {
  /** That both ends prove to have; null: none. */
  readonly certificate: SharingCertificate | null;
  readonly passwordFile: string | undefined;
}

export type RemoteArguments =
  | (Common & {
      readonly kind: 'server';
      readonly command: string;
      readonly name: string;
      readonly allowed: readonly string[];
      readonly denied: readonly string[];
      /** Null: as the command decides. */
      readonly visible: boolean | null;
    })
  | (Common & {
      readonly kind: 'client';
      readonly server: string;
      readonly name: string;
      readonly lines: number;
      readonly colorFile: string | undefined;
    })
  | { readonly kind: 'query'; readonly server: string };

const OPTION = /^[-/\u2013](.+)$/;

/** Options after the fixed words; those that may be given several times gather, in one go too: `/u ANN BOB /u EVE`. */
class Options {
  readonly #values = new Map<string, string[]>();

  constructor(words: readonly string[], takes: Readonly<Record<string, boolean | 'several'>>) {
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      const name = OPTION.exec(word)?.[1]?.toLowerCase() ?? '';
      const value = takes[name];
      if (value === undefined) throw new UsageError(`'${word}' is no option here.`);
      const given = this.#values.get(name) ?? [];
      if (value) {
        const next = words[++at];
        if (next === undefined) throw new UsageError(`'${word}' needs a value.`);
        given.push(next);
        while (value === 'several' && at + 1 < words.length && !OPTION.test(words[at + 1] ?? ''))
          given.push(words[++at] ?? '');
      }
      this.#values.set(name, given);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  one(name: string): string | undefined {
    const given = this.all(name);
    if (given.length > 1) throw new UsageError(`'/${name}' is given twice.`);
    return given[0];
  }

  certificate(): SharingCertificate | null {
    const [user, machine] = [this.one('certuser'), this.one('machuser')];
    if (user !== undefined && machine !== undefined)
      throw new UsageError('/certuser and /machuser exclude each other.');
    if (user !== undefined) return { store: 'user', certificate: user };
    return machine === undefined ? null : { store: 'machine', certificate: machine };
  }

  color(name: string): ColorName | null {
    const word = this.one(name);
    if (word === undefined) return null;
    const color = colorName(word);
    if (!color) throw new UsageError(`'${word}' is no colour; there are ${colorNames.join(', ')}.`);
    return color;
  }
}

/** `/s "COMMAND" NAME …`, `/c SERVER NAME …`, `/q SERVER`. @throws UsageError */
export function parseRemoteArguments(argv: readonly string[]): RemoteArguments {
  const [first = '', ...rest] = argv;
  switch (OPTION.exec(first)?.[1]?.toLowerCase()) {
    case 's':
      return server(rest);
    case 'c':
      return client(rest);
    case 'q':
      return query(rest);
    default:
      throw new UsageError(
        first === '' ? 'Give /s, /c or /q.' : `The first word must be /s, /c or /q, not '${first}'.`,
      );
  }
}

function server([command, name, ...words]: readonly string[]): RemoteArguments {
  if (command === undefined || name === undefined || command.trim() === '')
    throw new UsageError('/s takes a command line, in quotes where it has blanks, and a name.');
  const options = new Options(words, {
    f: true,
    b: true,
    u: 'several',
    ud: 'several',
    v: false,
    '-v': false,
    passwordfile: true,
    certuser: true,
    machuser: true,
  });
  if (options.has('v') && options.has('-v')) throw new UsageError('/v and /-v exclude each other.');
  const certificate = options.certificate();
  if (certificate && (options.has('u') || options.has('ud')))
    throw new UsageError('With a certificate, who has its key may join: leave /u and /ud out.');
  return {
    kind: 'server',
    certificate,
    command,
    name: checkedName(name),
    text: options.color('f'),
    background: options.color('b'),
    allowed: options.all('u'),
    denied: options.all('ud'),
    visible: options.has('v') ? true : options.has('-v') ? false : null,
    passwordFile: options.one('passwordfile'),
  };
}

function client([server, name, ...words]: readonly string[]): RemoteArguments {
  if (server === undefined || name === undefined)
    throw new UsageError('/c takes the name of a machine and that of a session.');
  const options = new Options(words, {
    l: true,
    f: true,
    b: true,
    k: true,
    passwordfile: true,
    certuser: true,
    machuser: true,
  });
  const lines = options.one('l') ?? String(DEFAULT_LINES);
  if (!/^\d{1,6}$/.test(lines) || Number(lines) > MOST_LINES)
    throw new UsageError(`/l takes a decimal number of lines up to ${MOST_LINES}, not '${lines}'.`);
  return {
    kind: 'client',
    certificate: options.certificate(),
    server: plainServer(server),
    name: checkedName(name),
    lines: Number(lines),
    text: options.color('f'),
    background: options.color('b'),
    colorFile: options.one('k'),
    passwordFile: options.one('passwordfile'),
  };
}

function query([server, ...more]: readonly string[]): RemoteArguments {
  if (server === undefined || more.length > 0)
    throw new UsageError('/q takes the name of a machine, this one’s too, and nothing else.');
  return { kind: 'query', server: plainServer(server) };
}

function plainServer(typed: string): string {
  const name = typed.replace(/^\\\\/, '');
  if (name === '' || OPTION.test(name)) throw new UsageError(`'${typed}' is no name of a machine.`);
  return name;
}

function checkedName(name: string): string {
  const problem = OPTION.test(name) ? 'it is an option' : nameProblem(name);
  if (problem) throw new UsageError(`'${name}' cannot be the name of a session: ${problem}.`);
  return name;
}
