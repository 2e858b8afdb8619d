import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { expectHostAccess } from '../host-files.ts';
import { runShell, type ShellRequest } from '../output/shell.ts';

/** `.shell [-o File] [-e File] [-i File] [-ci "Commands"] [-x] [Command]`. */
async function shell(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, caller } = context;
  if (state.noShell) throw engineErrors.noShell('.shell');
  expectHostAccess(state, caller, '.shell');
  const files: { o?: string; e?: string; i?: string } = {};
  let input: string | null = null;
  let apart = false;
  const option = /-(?:(ci)|([oei])|(x))(?=\s|$)/y;
  for (let match = args.match(option); match; match = args.match(option)) {
    const at = args.next;
    if (match[3]) apart = true;
    else if (match[1]) input = await context.capture(args.quoted() ?? args.fail(at));
    else files[match[2] as 'o' | 'e' | 'i'] = args.quoted() ?? args.word() ?? args.fail(at);
  }
  const command = args.rest();
  if (command === '')
    throw engineErrors.unsupported(
      'A shell that stays open',
      'the session would wait for it, with everybody in it',
      'Give .shell a command; for more, open a terminal of this machine.',
    );
  const request: ShellRequest = {
    command,
    apart,
    input,
    inputFile: fileOf(files.i),
    outputFile: fileOf(files.o),
    errorFile: fileOf(files.e),
  };
  const { code, signal } = await runShell(request, {
    output: (text) => context.host.output('normal', text),
    cancel: state.cancel,
  });
  if (apart) return undefined;
  const how = signal ? ` by ${signal}` : code === 0 || code === null ? '' : ` with code ${code}`;
  context.print(`.shell: Process exited${how}`);
  return undefined;
}

/** `-` in the place of a file: none. */
function fileOf(name: string | undefined): string | 'none' | null {
  return name === undefined ? null : name === '-' ? 'none' : name;
}

async function noShell(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  context.state.noShell = true;
  context.print('Shell commands disabled');
  return undefined;
}

async function allowExecution(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  if (!args.done) {
    const wanted = await context.evaluate(args);
    args.expectEnd();
    state.executionAllowed = wanted !== 0n;
  }
  context.print(`Execution commands are ${state.executionAllowed ? 'allowed' : 'not allowed'}`);
  return undefined;
}

/** `.quit_lock [/s "Password" | /q "Password"]`. */
async function quitLock(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, caller } = context;
  const option = args.match(/\/([sq])(?=\s)/y)?.[1];
  if (option === undefined) {
    args.expectEnd();
    context.print(state.quitLock === null ? 'No quit lock' : 'Quit lock is set');
    return undefined;
  }
  if (caller.role !== 'owner') throw engineErrors.ownerOnly('.quit_lock');
  const at = args.next;
  const password = args.quoted() ?? args.word() ?? args.fail(at);
  args.expectEnd();
  if (option === 's') {
    if (state.quitLock !== null) throw engineErrors.badArgument('There is a quit lock already', at);
    state.quitLock = password;
    context.print('Quit lock set');
  } else {
    if (state.quitLock === null) throw engineErrors.badArgument('There is no quit lock', at);
    if (state.quitLock !== password) throw engineErrors.badArgument('That is not its password', at);
    state.quitLock = null;
    context.print('Quit lock removed');
  }
  return undefined;
}

const common = { family: 'Session', needs: 'none' } as const;

export const shellCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.shell',
    differences:
      'A bare .shell is refused, since it would hold up the session for everybody; commands get an empty input, or the one that is given.',
    syntax: ['.shell [-i File] [-ci "Commands"] [-o File] [-e File] [-x] Command'],
    summary: 'Runs a command of the shell on the machine where the engine runs.',
    help:
      'All of the line counts. What it writes is shown to everybody, or goes into files (-o, -e for errors; - is none). Its input is a file (-i), or ' +
      'what commands of the debugger print (-ci), else empty. -x leaves it running apart. A break-in ends it. For the owner of the session, and for ' +
      'remote clients where .hostaccess allows it; for nobody after .noshell.',
    example: '.shell -ci "lm" grep loop',
    wholeLine: true,
    run: shell,
  },
  {
    ...common,
    name: '.noshell',
    secure: 'allowed',
    syntax: ['.noshell'],
    summary: 'Forbids .shell and .gdb until the debugger ends.',
    help: 'Nobody can take it back.',
    example: '.noshell',
    run: noShell,
  },
  {
    ...common,
    name: '.allow_exec_cmds',
    secure: 'allowed',
    syntax: ['.allow_exec_cmds [0|1]'],
    summary: 'Shows or sets whether commands may run the target.',
    help: 'With 0 those under Execution are refused, until 1 is given.',
    example: '.allow_exec_cmds',
    run: allowExecution,
  },
  {
    ...common,
    name: '.quit_lock',
    differences: 'It does not show the password: everybody in the session would read it.',
    syntax: ['.quit_lock', '.quit_lock /s "Password"', '.quit_lock /q "Password"'],
    summary: 'Keeps q, qd, qq and qqd from ending the session.',
    help: '/s sets a password, /q takes the lock away with it. It is a lock against haste, not against a person: the window can still be closed. For the owner of the session; the password is not shown to others.',
    example: '.quit_lock',
    run: quitLock,
  },
];
