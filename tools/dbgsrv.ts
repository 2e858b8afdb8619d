import { existsSync } from 'node:fs';
import { joinArguments, splitArguments } from '../engine/format/arguments.ts';
import { ProcessServer } from '../engine/stub/server/process-server.ts';
import { startProgram, startSuspended } from '../engine/stub/server/start-program.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { givenPassword } from './cli/password.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';

const options: readonly OptionSpec[] = [
  {
    names: ['t'],
    value: 'CONNECTION',
    help: 'how clients reach it: tcp:port=PORT[,password=…][,hidden], npipe:, com:, ssl:, spipe:\n(see hawser help connections)',
  },
  {
    names: ['c'],
    value: 'COMMANDLINE',
    help: 'starts a program that is not debugged, and prints its process id; takes the rest\nof the line',
  },
  {
    names: ['cs'],
    value: 'COMMANDLINE',
    help: 'the same, suspended at its first instruction: attach to it with -p PID and let it\ngo on',
  },
  {
    names: ['sifeo'],
    value: 'EXE',
    help: 'with -c: no debugger that the system starts for EXE; Linux starts none, so it does\nnothing',
  },
  { names: ['x'], help: 'ignores the rest of the line' },
  { names: ['pc'], value: 'COMMANDLINE', help: 'the rest of the line is what clients debug with -cimp' },
  { names: ['idle'], value: 'MINUTES', help: 'ends by itself when nobody was connected for so long' },
  {
    names: ['resume'],
    value: 'SECONDS',
    help: 'how long a client whose link was lost may come back (300; 0: not at all)',
  },
  {
    names: ['passwordfile'],
    value: 'FILE',
    help: 'the first line of FILE is the password, instead of password= in the string\n(the variable HAWSER_PASSWORD does the same)',
  },
  {
    names: ['gdb'],
    value: 'PORT',
    help: 'a plain gdb of this user can use it, too, on this machine or through ssh -L:\n(gdb) target extended-remote localhost:PORT',
  },
  { names: ['gdbserver'], value: 'PATH', help: 'the gdbserver to run, where it is not on the search path' },
];

interface Arguments {
  readonly connection: string;
  readonly program: readonly string[];
  readonly suspended: boolean;
  readonly sifeo: string | undefined;
  readonly implicitCommandLine: string | null;
  readonly idle: number | undefined;
  readonly resumeWindow: number | undefined;
  readonly passwordFile: string | undefined;
  readonly gdbPort: number | undefined;
  readonly gdbserver: string | undefined;
}

/** The process server: a thin gateway on the target's machine. */
export const dbgsrv: Tool = {
  name: 'dbgsrv',
  summary: 'the process server: lets debuggers elsewhere attach and start programs here',

  help: () => `hawser dbgsrv: the process server, for debuggers elsewhere (-premote)

Usage:
  hawser dbgsrv -t CONNECTION [OPTIONS] [[-sifeo EXE] -c[s] COMMANDLINE | -x … | -pc COMMANDLINE]

Options, whose case matters:
${optionLines(options)}

It runs a gdbserver for each target, needs no symbols, and ends no program unless a debugger says so: when a client leaves,
its link stays lost, or the server ends, what was debugged is detached and runs on. It goes on until .endpsrv at a
client, Ctrl+C or SIGTERM. Options come before -c, -cs, -x and -pc, which take the rest of the line.

  hawser dbgsrv -t tcp:port=5005,password=SECRET
  hawser dbgsrv -t tcp:port=5005,clicon=10.1.1.10 -idle 60
  hawser cdb -premote tcp:server=HOST,port=5005 -p PID`,

  async run(argv) {
    const args = parse(argv);
    if (args.sifeo !== undefined)
      process.stderr.write(
        `-sifeo ${args.sifeo}: nothing to do, for Linux has no list of debuggers that it starts for programs.\n`,
      );
    const server = await ProcessServer.start({
      connection: args.connection,
      password: await givenPassword(args.passwordFile),
      version,
      implicitCommandLine: args.implicitCommandLine,
      ...(args.gdbserver !== undefined && { gdbserver: args.gdbserver }),
      ...(args.idle !== undefined && { idle: args.idle * 60_000 }),
      ...(args.resumeWindow !== undefined && { resumeWindow: args.resumeWindow * 1000 }),
      ...(args.gdbPort !== undefined && { gdbPort: args.gdbPort }),
      notice: (kind, text) => {
        if (kind === 'warning' || !text.startsWith('Refused')) process.stderr.write(text);
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void server.close());
    process.stdout.write(started(server));
    try {
      await start(args);
    } catch (error) {
      await server.close();
      throw error;
    }
    await server.ended;
    return 0;
  },
};

function started({ connection, gdbPort }: ProcessServer): string {
  const plain =
    gdbPort === null
      ? ''
      : `A gdb of this user on this machine can connect with\n(gdb) target extended-remote localhost:${gdbPort}\n`;
  return `Server started.  Client can connect with any of these command lines\n0: <debugger> -premote ${connection}\n${plain}`;
}

async function start({ program: words, suspended, gdbserver }: Arguments): Promise<void> {
  const [program, ...args] = words;
  if (program === undefined) return;
  const pid = suspended
    ? await startSuspended(gdbserver ?? 'gdbserver', program, args)
    : await startProgram(program, args);
  process.stdout.write(
    suspended
      ? `Process ${pid} is suspended; attach to it with -p ${pid}, and g makes it run\n`
      : `Process ${pid} runs; attach to it with -p ${pid}\n`,
  );
}

/** @throws UsageError */
function parse(argv: readonly string[]): Arguments {
  const values = new Map<string, string>();
  let rest: readonly string[] = [];
  let taker: string | null = null;
  for (let index = 0; index < argv.length && taker === null; index++) {
    const word = argv[index] ?? '';
    const name = /^[-\u2013/](.+)$/.exec(word)?.[1] ?? '';
    const spec = options.find((each) => each.names.includes(name));
    if (!spec) throw new UsageError(unknown(word, name));
    if (values.has(name)) throw new UsageError(`'${word}' is given twice.`);
    if (['c', 'cs', 'x', 'pc'].includes(name)) {
      taker = name;
      rest = argv.slice(index + 1);
    } else values.set(name, takeValue(word, spec, argv[++index]));
  }
  if (taker !== null && taker !== 'x' && rest.length === 0)
    throw new UsageError(`'-${taker}' needs a command line behind it.`);
  if (values.has('sifeo') && taker !== 'c' && taker !== 'cs')
    throw new UsageError('-sifeo goes with -c or -cs.');
  const connection = values.get('t');
  if (connection === undefined) throw new UsageError('Give -t: how clients reach the server.');
  return {
    connection,
    program: taker === 'c' || taker === 'cs' ? commandLine(rest) : [],
    suspended: taker === 'cs',
    sifeo: values.get('sifeo'),
    implicitCommandLine: taker === 'pc' ? (rest.length === 1 ? (rest[0] ?? '') : joinArguments(rest)) : null,
    idle: count('idle', values.get('idle'), 1),
    resumeWindow: count('resume', values.get('resume'), 0),
    passwordFile: values.get('passwordfile'),
    gdbPort: gdbPort(values.get('gdb')),
    gdbserver: values.get('gdbserver'),
  };
}

function unknown(word: string, name: string): string {
  const meant = options.find((each) => each.names[0]?.toLowerCase() === name.toLowerCase());
  if (meant) return `Unknown option '${word}'. Case matters here: -${meant.names[0]}.`;
  return name === ''
    ? `'${word}' is no option; a program to start goes behind -c.`
    : `Unknown option '${word}'.`;
}

function takeValue(word: string, spec: OptionSpec, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`'${word}' needs a value: ${spec.value}.`);
  return value;
}

/** One word that is no program is a line as a person would type it. */
function commandLine(words: readonly string[]): readonly string[] {
  const [only = ''] = words;
  return words.length === 1 && /\s/.test(only) && !existsSync(only) ? splitArguments(only) : words;
}

function count(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  // A timer of the system takes no more than 24 days.
  const value = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (value < least || value > 30_000)
    throw new UsageError(`-${name} takes a number from ${least} to 30000, not '${text}'.`);
  return value;
}

/** `PORT`, or `HOST:PORT` where the host is this very machine. */
function gdbPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, host, port] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new UsageError(`-gdb takes a port, not '${text}'.`);
  if (host !== undefined && !['localhost', '127.0.0.1'].includes(host))
    throw new UsageError(
      `-gdb listens on this machine only, not on '${host}': GDB's protocol has no password. From elsewhere, let ssh carry it: ssh -L ${port}:localhost:${port} HERE`,
    );
  return Number(port);
}
