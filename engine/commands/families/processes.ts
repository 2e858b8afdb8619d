import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { splitArguments } from '../../format/arguments.ts';

import { stubErrors } from '../../stub/errors.ts';
import type { Stub } from '../../stub/stub.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { applyFilters } from '../events/apply.ts';
import type { TargetSpec } from '../host.ts';
import { inLine } from '../in-line.ts';
import { processText } from '../systems/describe.ts';
import { processLines } from '../systems/process-list.ts';
import { thisMachine } from '../systems/this-machine.ts';
import { throughStub } from '../systems/through-stub.ts';
import { noChildren } from '../targets/children.ts';
import { goesAtOnce } from '../targets/targets.ts';

/** Options that WinDbg has and that mean nothing on Linux, with why. */
const REFUSED: Readonly<Record<string, string>> = {
  e: 'a process that has a debugger takes no second one on Linux; let the first one detach',
  k: 'it is for processes of a Windows kernel debugger',
};

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly premote: { readonly connection: string; readonly at: number } | null;
}

/** `-premote CONNECTION` and switches of one letter. */
function readOptions(args: Args, allowed: string): Options {
  const flags = new Set<string>();
  let premote: Options['premote'] = null;
  for (let at = args.next, match = next(args); match; at = args.next, match = next(args)) {
    const option = (match[1] ?? '').toLowerCase();
    const refused = allowed.includes(option) ? REFUSED[option] : undefined;
    if (refused !== undefined) throw engineErrors.unsupported(`-${option}`, refused);
    if (option === 'premote') premote = readConnection(args);
    else if (option.length === 1 && allowed.includes(option)) flags.add(option);
    else args.fail(at);
  }
  return { flags, premote };
}

async function childDebugging(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const at = args.next;
  const wanted = args.word();
  args.expectEnd();
  if (wanted !== null && wanted !== '0' && wanted !== '1') args.fail(at);
  if (wanted === '1') {
    const why = state.kind === 'live' ? noChildren(state.current) : null;
    if (why) throw why;
  }
  if (wanted !== null) state.childDebugging = wanted === '1';
  for (const system of state.systems) await applyFilters(state, system);
  context.print(`Processes that the target makes are ${state.childDebugging ? '' : 'not '}debugged.`);
  return undefined;
}

const next = (args: Args): RegExpExecArray | null => args.match(/-(\w+)(?=\s|$)/y);

async function stubFor(context: CommandContext, premote: Options['premote']): Promise<Stub | null> {
  const { links } = context.targets;
  if (!premote) return links.here;
  try {
    return await links.connect(premote.connection);
  } catch (error) {
    throw inLine(toHawserError(error), premote.at);
  }
}

/** In quotes as a whole, or as it stands: only values in quotes have blanks. */
function readConnection(args: Args): NonNullable<Options['premote']> {
  const at = args.next;
  const whole = args.quoted();
  if (whole !== null) return { connection: whole, at: at + 1 };
  return { connection: args.match(/(?:"[^"]*"|[^\s"])+/y)?.[0] ?? args.fail(at), at };
}

async function attach(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { flags, premote } = readOptions(args, 'befkrv');
  const at = args.next;
  if (args.done && premote) return takeProcess(context, premote);
  const pid = args.done ? args.fail(at) : await context.evaluate(args);
  args.expectEnd();
  if (pid < 1n || pid > 0x7fff_ffffn) throw engineErrors.badArgument('This is no process id', at);
  const stub = await stubFor(context, premote);
  const wanted = {
    kind: 'attach',
    pid: Number(pid),
    noninvasive: flags.has('v'),
    noBreak: flags.has('b') || flags.has('r'),
  } as const;
  return open(context, stub ? throughStub(wanted, stub) : wanted);
}

/** The process that a bare stub has. */
async function takeProcess(
  context: CommandContext,
  premote: NonNullable<Options['premote']>,
): Promise<Control | undefined> {
  const stub = await stubFor(context, premote);
  if (!stub) throw stubErrors.noPremote();
  return open(context, throughStub(null, stub));
}

async function create(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { premote } = readOptions(args, 'f');
  const at = args.next;
  const [program, ...words] = splitArguments(args.rest());
  if (program === undefined) args.fail(at);
  const stub = await stubFor(context, premote);
  const cwd = context.state.createDirectory ?? (stub ? null : process.cwd());
  const wanted = { kind: 'launch', program, args: words, ...(cwd !== null && { cwd }) } as const;
  return open(context, stub ? throughStub(wanted, stub) : wanted);
}

async function open(context: CommandContext, spec: TargetSpec): Promise<Control | undefined> {
  const { targets, execution, state } = context;
  const options = { ...state.startOptions, ignoreInitialBreak: false, breakOnConnect: false };
  await targets.open(spec, options);
  const goes = goesAtOnce(state, spec, options);
  if (!goes && execution.openingCommands(false).length === 0) return undefined;
  return context.resume(() => execution.opened(goes));
}

/** `.createdir [Path]`; `""` takes it back. */
async function createDirectory(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  if (args.match(/-i(?=\s|$)/iy))
    throw engineErrors.unsupported(
      '-i',
      'programs started here inherit nothing of the debugger but its environment',
    );
  if (!args.done) state.createDirectory = (args.quoted() ?? args.rest()) || null;
  args.expectEnd();
  context.print(
    `Programs start in: ${state.createDirectory ?? '<where the debugger, or the process server, runs>'}`,
  );
  return undefined;
}

async function list(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { flags, premote } = readOptions(args, 'vc');
  const pattern = args.word();
  args.expectEnd();
  const stub = await stubFor(context, premote);
  const processes = await (stub?.machine ?? thisMachine()).processes();
  const own = context.state.process?.pid ?? 0;
  const shown = processes
    .filter(({ pid }) => !flags.has('c') || pid === own)
    .filter(({ name }) => pattern === null || matchesWildcard(pattern, name))
    .sort((a, b) => a.pid - b.pid);
  context.print(shown.length === 0 ? 'No such process.' : processLines(shown, flags.has('v')).join('\n'));
  return undefined;
}

async function endProcessServer(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state, targets } = context;
  const stub = targets.links.here;
  if (!stub) throw stubErrors.noPremote();
  const held = state.systems.filter((system) => system.stub === stub && system.kind !== 'none');
  const names = held.map(processText);
  // That of a single process cannot be ended from here: it says so, and nothing is let go.
  if (stub.hasProcess) return stub.endServer().then(() => undefined);
  for (const system of held) await targets.detach(system);
  await stub.endServer();
  await targets.links.forget(stub);
  if (names.length > 0) context.print(`Let go before: ${names.join(', ')}.`);
  context.print(`The process server on ${stub.machineName} has been ended: ${stub.connection}`);
  return undefined;
}

const common = { family: 'Threads and processes', needs: 'none' } as const;
const WHERE =
  'With -premote on the machine behind that process server or stub, which is connected to; without on the machine of the ' +
  'current system, or else the one that the session was started on (-premote), or else this one.';
const AT_ONCE = 'It is done at once; WinDbg does it at the next command that runs the target.';

export const processCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.attach',
    differences:
      'It acts at once, where WinDbg waits until the target runs next: errors are seen where they were made.',
    changes: true,
    syntax: ['.attach [-premote Connection] [-b] [-r] [-v] [-f] PID', '.attach -premote Connection'],
    summary: 'Attaches to a process, beside what is debugged already.',
    help:
      'PID is in the current base: 0n for decimal, as .tlist shows them. -b and -r let it, and the others, run on; -v ' +
      'looks only; -f says that the others stay stopped meanwhile, as they always do. Without PID it is the process that a ' +
      'bare stub (gdb:) was started with. The process becomes a system of ' +
      `its own, the current one. ${WHERE} ${AT_ONCE} A link that it opened is shared by later commands with the same ` +
      'connection, and closed with its last target.',
    example: '.attach -premote tcp:server=birch,port=6300 0n6700',
    once: true,
    run: attach,
  },
  {
    ...common,
    name: '.create',
    differences: 'It acts at once, where WinDbg waits until the target runs next.',
    changes: true,
    syntax: ['.create [-premote Connection] [-f] CommandLine'],
    summary: 'Starts a program, beside what is debugged already.',
    help:
      'All of the line counts, semicolons too; blanks within an argument need quotes. The program becomes a system of its ' +
      `own, the current one. ${WHERE} Program and .createdir are paths of that machine. ${AT_ONCE}`,
    example: '.create -premote tcp:server=birch,port=6300 ./loop 3',
    wholeLine: true,
    once: true,
    run: create,
  },
  {
    ...common,
    name: '.createdir',
    syntax: ['.createdir', '.createdir Path'],
    summary: 'Shows or sets the folder in which .create starts programs.',
    help: 'Of the machine where the program is started. `""` takes it back.',
    example: '.createdir /srv/data',
    wholeLine: true,
    run: createDirectory,
  },
  {
    ...common,
    name: '.tlist',
    syntax: ['.tlist [-premote Connection] [-v] [-c] [Pattern]'],
    summary: 'Lists the processes of a machine.',
    help:
      'Ids are decimal (0n), to be given to .attach. -v adds user, machine and command line; -c shows the current process ' +
      `only. The pattern (\`*\`, \`?\`) is one of program names. ${WHERE}`,
    example: '.tlist -v lo*',
    run: list,
  },
  {
    ...common,
    name: '.endpsrv',
    syntax: ['.endpsrv'],
    summary: 'Ends the process server that the current system is behind.',
    help:
      'Its processes that are debugged here are let go first and run on; so are those that others debug through it. ' +
      'Debugging servers are ended by .endsrv.',
    example: '.endpsrv',
    once: true,
    run: endProcessServer,
  },
  {
    ...common,
    name: '.childdbg',
    secure: 'allowed',
    syntax: ['.childdbg [0|1]'],
    summary: 'Says whether processes that the target makes are debugged too.',
    help:
      'With 1 a child becomes a system of its own, beside its parent, and stops there (`||` lists systems, `g` runs all): one ' +
      'that fork makes as it leaves fork, one that vfork makes (system, posix_spawn) at the first instruction of the program ' +
      'that it runs, for before that it has its parent’s memory. `sxi ibp`, or -g, lets children go on. Behind a process server children ' +
      'made by vfork are only told; behind a stub of one process (gdb:) there are none. Breakpoints are its own.',
    example: '.childdbg 1',
    run: childDebugging,
  },
];
