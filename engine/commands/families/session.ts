import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { serverStartedText } from '../../format/server-lines.ts';
import { shortDate } from '../../format/time.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { inLine } from '../in-line.ts';

async function startServer(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const connection = args.peekRest() === '' ? args.fail(at) : args.rest();
  try {
    const server = await context.host.startServer(connection);
    context.print(serverStartedText([server]).trimEnd());
  } catch (error) {
    throw inLine(toHawserError(error), at);
  }
  return undefined;
}

async function servers(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const lines = context.host
    .servers()
    .map(({ id, listing, state }) =>
      state === 'ending' ? `${id} - <Disabled, exit pending>` : `${id} - Debugger Server - ${listing}`,
    );
  context.print(lines.length === 0 ? 'No servers.' : lines.join('\n'));
  return undefined;
}

async function endServer(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const id = args.decimal();
  if (id === null) args.fail(at);
  args.expectEnd();
  if (!context.host.endServer(id))
    throw engineErrors.badArgument(`There is no server ${id}; .servers lists them`, at);
  context.print('Server told to exit.  Actual exit may be delayed until\nthe next connection attempt.');
  return undefined;
}

async function clients(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const lines = context.host
    .clients()
    .map(
      ({ host, user, via, lastActive, id, role, away }) =>
        `${host}\\${user}, last active ${shortDate(new Date(lastActive))} [${id} ${role}, ${via}${away ? ', away' : ''}]`,
    );
  context.print(lines.length === 0 ? 'No clients.' : lines.join('\n'));
  return undefined;
}

async function clientRole(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.caller.role !== 'owner') throw engineErrors.ownerOnly('.clientrole');
  const id = clientId(args);
  const at = args.next;
  const role = args.word()?.toLowerCase();
  args.expectEnd();
  if (role !== 'controller' && role !== 'viewer')
    throw engineErrors.badArgument('A role is controller or viewer.', at);
  if (!context.host.setRole(id, role)) throw noClient(id, at);
  return undefined;
}

async function endClient(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.caller.role !== 'owner') throw engineErrors.ownerOnly('.endclient');
  const at = args.next;
  const id = clientId(args);
  args.expectEnd();
  if (!context.host.removeClient(id)) throw noClient(id, at);
  return undefined;
}

/** As `.clients` shows it: decimal, as all of the debugger's own numbers. */
function clientId(args: Args): number {
  const at = args.next;
  const word = args.word() ?? '';
  if (!/^\d{1,9}$/.test(word))
    throw engineErrors.badArgument('A client’s number is needed; .clients shows them.', at);
  return Number(word);
}

const noClient = (id: number, at: number) =>
  engineErrors.badArgument(`There is no client ${id} but the owner; .clients shows them.`, at);

async function remoteExit(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.caller.local) {
    throw engineErrors.unsupported('.remote_exit', 'this is not a remote client', 'q ends the session.');
  }
  const last = args.rest();
  if (last !== '') await context.run(last);
  return { leave: true, endLine: true };
}

/** A console carries it out itself, before it gets here. */
async function remoteExe(): Promise<Control | undefined> {
  throw engineErrors.unsupported(
    '.remote',
    'it shares a console, and is typed in that of cdb or kd itself; from a window use .server, and others join with -remote',
  );
}

/** For the owner: everything that GDB can do includes running programs on its machine. */
async function gdb(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.caller.role !== 'owner') throw engineErrors.ownerOnly('.gdb');
  if (context.state.noShell) throw engineErrors.noShell('.gdb');
  const command = args.rest();
  if (command === '') args.fail(args.position);
  const { backend } = context.state;
  if (!backend) throw engineErrors.noTarget();
  const text = await backend.raw(command);
  context.state.forgetModules();
  context.state.threadsStale = true;
  if (text !== '') context.print(text.replace(/\n$/, ''));
  return undefined;
}

const common = { family: 'Session', needs: 'none' } as const;

export const sessionCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.server',
    syntax: ['.server Connection'],
    summary: 'Starts a debugging server: others can join this session through it.',
    help: 'It shows what a client has to type. Without a password everybody who reaches it can join.',
    example: '.server tcp:port=5005',
    run: startServer,
  },
  {
    ...common,
    name: '.servers',
    syntax: ['.servers'],
    summary: 'Lists the debugging servers of this session.',
    help: 'Passwords show as `*`.',
    example: '.servers',
    run: servers,
  },
  {
    ...common,
    name: '.endsrv',
    differences: 'The port is free at once; WinDbg waits for the next connection.',
    syntax: ['.endsrv ServerId'],
    summary: 'Ends a debugging server: nobody can join through it any more.',
    help: 'Who has joined already stays. .servers shows the ids.',
    example: '.endsrv 0',
    run: endServer,
  },
  {
    ...common,
    name: '.clients',
    syntax: ['.clients'],
    summary: 'Lists who is in this session.',
    help: 'With the time when each was last active, its number and role, and whether its link is lost at the moment.',
    example: '.clients',
    run: clients,
  },
  {
    ...common,
    name: '.clientrole',
    syntax: ['.clientrole ID controller', '.clientrole ID viewer'],
    summary: "Changes a client's role. For the owner of the session.",
    help: 'A viewer sees everything and cannot run anything. The number is the one that .clients shows. Hawser’s own.',
    example: '.clientrole 2 viewer',
    run: clientRole,
  },
  {
    ...common,
    name: '.endclient',
    syntax: ['.endclient ID'],
    summary: 'Removes a client from the session. For its owner.',
    help: 'The number is the one that .clients shows. It can connect again while the server it came through runs. Hawser’s own.',
    example: '.endclient 2',
    run: endClient,
  },
  {
    ...common,
    name: '.remote_exit',
    syntax: ['.remote_exit [FinalCommands]'],
    summary: 'Leaves the session; it goes on without this client.',
    help: 'The final commands run in the session before. For remote clients only.',
    example: '.remote_exit .echo bye',
    wholeLine: true,
    run: remoteExit,
  },
  {
    ...common,
    name: '.remote',
    syntax: ['.remote Name'],
    summary: 'Shares this console under a name: a Remote.exe server.',
    help: 'For the console that owns the session (cdb, kd). Others join with hawser remote /c MACHINE NAME, see what the console shows and type at it; @Q leaves, @K at the console ends it. Windows use .server.',
    wholeLine: true,
    example: '.remote lab',
    run: remoteExe,
  },
  {
    ...common,
    name: '.gdb',
    changes: true,
    syntax: ['.gdb Command'],
    summary: 'Gives a command to GDB itself. For the owner of the session.',
    help: 'Do not run the target with it: use g, p and t.',
    example: '.gdb info auxv',
    wholeLine: true,
    run: gdb,
  },
];
