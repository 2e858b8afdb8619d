import { resolve } from 'node:path';
import type { StartOptions, TargetSpec } from '../../engine/commands/host.ts';
import { type OptionSpec, type ParsedOptions, parseOptions, UsageError } from './options.ts';

/** The options that `cdb` and `windbg` share. */
export const debuggerOptions: readonly OptionSpec[] = [
  {
    names: ['server'],
    value: 'CONNECTION',
    caseSensitive: true,
    first: true,
    help: 'be a debugging server: tcp:port=PORT[,password=…][,hidden], npipe:, com:, ssl:, spipe:\n(see hawser help connections); must come first',
  },
  {
    names: ['remote'],
    value: 'CONNECTION',
    caseSensitive: true,
    first: true,
    help: 'join a session: tcp:server=HOST,port=PORT[,password=…], npipe:, com:, ssl:, spipe:\n(see hawser help connections); must come first',
  },
  { names: ['p'], value: 'PID', help: 'attach to a process (decimal)' },
  { names: ['z'], value: 'CORE', help: 'open a core file; the program may follow' },
  { names: ['pv'], help: 'attach to look only: the process is never resumed from here' },
  { names: ['pb'], help: 'no initial break after attaching' },
  { names: ['pd'], help: 'leave the process running, not killed, when the session ends' },
  { names: ['g'], caseSensitive: true, help: 'go on at the initial break' },
  { names: ['G'], caseSensitive: true, help: 'do not stop when the program has ended' },
  { names: ['c'], value: '"COMMANDS"', help: 'commands to run first, separated by ;' },
  { names: ['y'], value: 'PATH', help: 'where symbols are looked for, separated by : or ;' },
  { names: ['srcpath'], value: 'PATH', help: 'where sources are looked for' },
  { names: ['lsrcpath'], value: 'PATH', help: 'with -remote: where sources are looked for on this machine' },
  { names: ['clines'], value: 'COUNT', help: 'how many commands back a client that joins gets to see' },
  {
    names: ['resume'],
    value: 'SECONDS',
    help: 'with -server: how long a client whose link was lost may come back (300; 0: not at all)',
  },
  { names: ['bonc'], help: 'break in as soon as the session has begun' },
  {
    names: ['passwordfile'],
    value: 'FILE',
    help: 'the first line of FILE is the password, instead of password= in the string\n(the variable HAWSER_PASSWORD does the same)',
  },
];

export interface DebuggerArguments {
  readonly server: string | undefined;
  readonly remote: string | undefined;
  readonly target: TargetSpec | null;
  readonly start: StartOptions;
  readonly localSourcePath: string | undefined;
  readonly historyCommands: number | undefined;
  /** Milliseconds. */
  readonly resumeWindow: number | undefined;
  readonly passwordFile: string | undefined;
  readonly noio: boolean;
}

/** @throws UsageError */
export function parseDebuggerArguments(
  argv: readonly string[],
  specs: readonly OptionSpec[],
): DebuggerArguments {
  const parsed = parseOptions(argv, specs);
  const { values } = parsed;
  const remote = values.get('remote');
  const target = targetOf(parsed);
  if (remote !== undefined && target) {
    throw new UsageError('With -remote the target is the server’s: give no program, -p or -z.');
  }
  if (values.has('lsrcpath') && remote === undefined) throw new UsageError('-lsrcpath goes with -remote.');
  if (values.has('noio') && values.get('server') === undefined && remote === undefined) {
    throw new UsageError('-noio goes with -server: without one nobody could reach the session.');
  }
  if (remote !== undefined && values.has('noio'))
    throw new UsageError('-noio is for servers, not with -remote.');
  return {
    server: values.get('server'),
    remote,
    target,
    start: {
      ignoreInitialBreak: values.has('g'),
      ignoreFinalBreak: values.has('G'),
      symbolPath: pathList(values.get('y') ?? process.env._NT_SYMBOL_PATH),
      sourcePath: pathList(values.get('srcpath') ?? process.env._NT_SOURCE_PATH),
      commands: values.get('c') ?? '',
      detachAtEnd: values.has('pd'),
      breakOnConnect: values.has('bonc'),
    },
    localSourcePath: values.get('lsrcpath'),
    historyCommands: count('clines', values.get('clines') ?? process.env._NT_DEBUG_HISTORY_SIZE),
    resumeWindow: seconds(count('resume', values.get('resume'))),
    passwordFile: values.get('passwordfile'),
    noio: values.has('noio'),
  };
}

function targetOf({ values, rest }: ParsedOptions): TargetSpec | null {
  const pid = count('p', values.get('p'));
  const core = values.get('z');
  const [program, ...args] = rest;
  if (pid !== undefined) {
    if (core !== undefined || program !== undefined)
      throw new UsageError('Give one of a program, -p and -z.');
    return { kind: 'attach', pid, noninvasive: values.has('pv'), noBreak: values.has('pb') };
  }
  if (core !== undefined)
    return { kind: 'core', core: resolve(core), ...(program !== undefined && { program: resolve(program) }) };
  if (program === undefined) return null;
  return { kind: 'launch', program, args, cwd: process.cwd() };
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`-${name} takes a decimal number, not '${text}'.`);
  return Number(text);
}

const seconds = (value: number | undefined) => (value === undefined ? undefined : value * 1000);

/** WinDbg separates by semicolons, Linux by colons. */
function pathList(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[;:]/).filter((part) => part !== '');
}
