import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StartOptions, TargetSpec } from '../../engine/commands/host.ts';
import { splitSymbolPath } from '../../engine/images/symbol-path.ts';
import { earlyCommands, eventOptions } from './event-options.ts';
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
  {
    names: ['premote'],
    value: 'CONNECTION',
    help: 'debug on another machine, through its process server (hawser dbgsrv) or a bare stub:\ntcp:server=HOST,port=PORT[,password=…], npipe:, com:, ssl:, spipe:, gdb:server=HOST,port=PORT\n(see hawser help connections)',
  },
  { names: ['p'], value: 'PID', help: 'attach to a process (decimal)' },
  {
    names: ['pn'],
    value: 'NAME',
    help: 'attach to the process whose program has this name; there has to be just one',
  },
  { names: ['z'], value: 'CORE', help: 'open a core file; the program may follow' },
  { names: ['pv'], help: 'attach to look only: the process is never resumed from here' },
  { names: ['pb'], help: 'no initial break after attaching' },
  { names: ['pr'], help: 'the same' },
  {
    names: ['pvr'],
    help: '',
    refused:
      'Linux shows registers and stacks of stopped processes only. Use -pv, and .detach to let it run on.',
  },
  {
    names: ['pe'],
    help: '',
    refused: 'a process that has a debugger takes no second one on Linux. Let the first one detach.',
  },
  {
    names: ['pt'],
    value: 'SECONDS',
    help: 'taken for compatibility: a break-in is waited for as long as it takes',
  },
  { names: ['cimp'], help: 'with -premote: debug what the process server was given with -pc' },
  { names: ['pd'], help: 'leave the process running, not killed, when the session ends' },
  { names: ['g'], caseSensitive: true, help: 'go on at the initial break' },
  { names: ['G'], caseSensitive: true, help: 'do not stop when the program has ended' },
  { names: ['c'], value: '"COMMANDS"', help: 'commands to run first, separated by ;' },
  { names: ['cf'], value: 'FILE', help: 'a script to run first, line by line, before those of -c' },
  {
    names: ['cfr'],
    value: 'FILE',
    help: 'the same, which .restart runs again; of both, a file that is not there is no error',
  },
  ...eventOptions,
  {
    names: ['ee'],
    value: 'masm|c++',
    help: 'which evaluator reads expressions (the variable _NT_EXPR_EVAL does the same)',
  },
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

/** Of `kd` and `windbg` beside those. */
export const kernelOptions: readonly OptionSpec[] = [
  {
    names: ['k'],
    value: 'WIRE',
    help: 'debug a kernel: gdb:server=HOST,port=PORT, com:port=DEVICE,baud=RATE, com:pipe,port=PATH,\nkdsrv:server=@{CONNECTION},trans=@{WIRE} (see hawser help kd)',
  },
  {
    names: ['kl'],
    help: '',
    refused:
      'Linux has no debugging of its own running kernel. Use -k with a second machine, or a virtual one.',
  },
  {
    names: ['kx'],
    value: 'EXDI',
    help: '',
    refused:
      'EXDI is a COM server in front of a GDB stub. Name the stub itself: -k gdb:server=HOST,port=PORT.',
  },
  {
    names: ['secure'],
    help: 'refuse, to everybody, what would touch this machine: files, other programs, GDB\nitself; until the program ends (see .secure)',
  },
];

export interface DebuggerArguments {
  readonly server: string | undefined;
  readonly remote: string | undefined;
  /** A process server or bare stub, through which the target is reached. */
  readonly premote: string | undefined;
  /** What stands after `-k`: the wire to a kernel. */
  readonly kernel: string | undefined;
  /** `-secure`. */
  readonly secure: boolean;
  /** On its own, or behind `premote`; with `processName` the process id is still to be found. */
  readonly target: WantedTarget | null;
  readonly processName: string | undefined;
  /** `-i`: the program's file, for a bare stub that does not tell it; absolute. */
  readonly image: string | undefined;
  /** `-cimp`: the target is the process server's implicit command line. */
  readonly implicit: boolean;
  readonly start: StartOptions;
  readonly localSourcePath: string | undefined;
  readonly historyCommands: number | undefined;
  /** Milliseconds. */
  readonly resumeWindow: number | undefined;
  readonly passwordFile: string | undefined;
  readonly noio: boolean;
}

export type WantedTarget = Exclude<TargetSpec, { kind: 'stub' }>;

/** @throws UsageError */
export function parseDebuggerArguments(
  argv: readonly string[],
  specs: readonly OptionSpec[],
): DebuggerArguments {
  const parsed = parseOptions(argv, specs);
  const { values } = parsed;
  const remote = values.get('remote');
  const premote = values.get('premote');
  const target = targetOf(parsed);
  count('pt', values.get('pt'));
  checkPremote(parsed, target);
  checkKernel(parsed, target);
  if (remote !== undefined && target) {
    throw new UsageError('With -remote the target is the server’s: give no program, -p, -pn or -z.');
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
    premote,
    kernel: values.get('k'),
    secure: values.has('secure'),
    target,
    processName: values.get('pn'),
    image: imageOf(parsed),
    implicit: values.has('cimp'),
    start: {
      ignoreInitialBreak: values.has('g'),
      ignoreFinalBreak: values.has('G'),
      symbolPath: splitSymbolPath(values.get('y') ?? process.env._NT_SYMBOL_PATH ?? ''),
      sourcePath: pathList(values.get('srcpath') ?? process.env._NT_SOURCE_PATH),
      commands: firstCommands(parsed),
      early: earlyCommands(parsed),
      restartCommands: scriptCommand(values.get('cfr')),
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

function firstCommands({ values }: ParsedOptions): string {
  const evaluator = values.get('ee') ?? process.env._NT_EXPR_EVAL;
  if (evaluator !== undefined && !/^(?:masm|c\+\+)$/i.test(evaluator))
    throw new UsageError('An evaluator (-ee, _NT_EXPR_EVAL) is masm or c++.');
  return [
    ...(evaluator === undefined ? [] : [`.expr /s ${evaluator}`]),
    ...[values.get('cf'), values.get('cfr')].map(scriptCommand).filter((command) => command !== ''),
    ...(values.has('c') ? [values.get('c')] : []),
  ].join('; ');
}

function scriptCommand(file: string | undefined): string {
  return file === undefined || !existsSync(file) ? '' : `$$<"${resolve(file)}"`;
}

function imageOf({ values }: ParsedOptions): string | undefined {
  const image = values.get('i');
  const bare = values.get('premote')?.toLowerCase().startsWith('gdb:') === true;
  if (image !== undefined && !bare && !values.has('k'))
    throw new UsageError('-i goes with -premote gdb:…; elsewhere the program is known.');
  return image === undefined ? undefined : resolve(image);
}

function checkKernel({ values }: ParsedOptions, target: WantedTarget | null): void {
  if (!values.has('k')) return;
  if (values.has('remote'))
    throw new UsageError(
      'Give one of -remote (join a session that runs elsewhere) and -k (debug a kernel from here).',
    );
  if (values.has('premote') || target || values.has('cimp'))
    throw new UsageError('With -k a kernel is debugged: give no program, -p, -pn, -z or -premote.');
}

function checkPremote({ values }: ParsedOptions, target: WantedTarget | null): void {
  const premote = values.get('premote');
  const implicit = values.has('cimp');
  if (premote === undefined) {
    if (implicit)
      throw new UsageError('-cimp goes with -premote: it is what a process server was given with -pc.');
    return;
  }
  if (values.has('remote')) {
    throw new UsageError(
      'Give one of -remote (join a session that runs elsewhere) and -premote (debug through a process server).',
    );
  }
  if (target?.kind === 'core')
    throw new UsageError('Process servers do not serve core files: open them with -z alone, where they are.');
  if (implicit && target) throw new UsageError('With -cimp give no program, -p or -pn.');
}

function targetOf({ values, rest }: ParsedOptions): WantedTarget | null {
  const pid = count('p', values.get('p')) ?? (values.has('pn') ? 0 : undefined);
  const core = values.get('z');
  const [program, ...args] = rest;
  if (pid !== undefined) {
    if (core !== undefined || program !== undefined || (values.has('p') && values.has('pn')))
      throw new UsageError('Give one of a program, -p, -pn and -z.');
    const noBreak = values.has('pb') || values.has('pr');
    return { kind: 'attach', pid, noninvasive: values.has('pv'), noBreak };
  }
  if (core !== undefined)
    return { kind: 'core', core: resolve(core), ...(program !== undefined && { program: resolve(program) }) };
  if (program === undefined) return null;
  // Paths are of the target's machine, and so is the folder that programs start in.
  return { kind: 'launch', program, args, ...(!values.has('premote') && { cwd: process.cwd() }) };
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
