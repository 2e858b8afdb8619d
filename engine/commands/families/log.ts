import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { expectHostAccess } from '../host-files.ts';

const DEFAULT_NAME = 'Dbgeng.log';

/** `/t` puts process id and time before the extension. */
function stamped(path: string, pid: number): string {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(two).join('-');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('-');
  const stamp = `_${pid.toString(16).toUpperCase().padStart(4, '0')}_${parts}_${time}-${String(now.getMilliseconds()).padStart(3, '0')}`;
  return path.replace(/(\.[^./]*)?$/, (extension) => `${stamp}${extension}`);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `/d`: that of the program. */
function ownName({ state }: CommandContext): string {
  const path = state.process?.executable ?? '';
  return `${path.slice(path.lastIndexOf('/') + 1) || 'Dbgeng'}.log`;
}

function open(append: boolean): CommandEntry['run'] {
  return async (context: CommandContext, args: Args): Promise<Control | undefined> => {
    let isStamped = false;
    let named = false;
    const option = append ? /\/([tu])\b/y : /\/([tud])\b/y;
    for (let match = args.match(option); match; match = args.match(option)) {
      isStamped ||= match[1] !== 'u';
      named ||= match[1] === 'd';
    }
    const typed = named ? ownName(context) : (args.quoted() ?? args.word() ?? DEFAULT_NAME);
    args.expectEnd();
    expectHostAccess(context.state, context.caller, context.name);
    const path = isStamped ? stamped(typed, context.state.process?.pid ?? 0) : typed;
    context.log.open(path, append);
    context.print(`Opened log file '${path}'`);
    return undefined;
  };
}

async function close(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { path } = context.log;
  if (path === null) throw engineErrors.badArgument('No log file open', 0);
  context.print(`Closing open log file ${path}`);
  context.log.close();
  return undefined;
}

async function show(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { path } = context.log;
  context.print(path === null ? 'No log file open' : `Log file is '${path}'`);
  return undefined;
}

const common = { family: 'Output and help', needs: 'none' } as const;

export const logCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.logopen',
    syntax: ['.logopen [/t] [/u] [File]', '.logopen /d'],
    summary: 'Begins a log of everything that the Command window shows.',
    help: 'On the machine where the engine runs; for the owner of the session, and for remote clients where .hostaccess allows it. One that is open is closed first. /t adds process id and time to the name; /d makes a name like that from the program’s own. Logs are UTF-8, with /u (Unicode) or without.',
    example: '.logopen /t /tmp/loop.log',
    run: open(false),
  },
  {
    ...common,
    name: '.logappend',
    syntax: ['.logappend [/t] [/u] [File]'],
    summary: 'As .logopen, but adds to a file that exists.',
    help: 'What the file holds already stays.',
    example: '.logappend /tmp/loop.log',
    run: open(true),
  },
  {
    ...common,
    name: '.logclose',
    syntax: ['.logclose'],
    summary: 'Ends the log.',
    help: 'The file stays.',
    example: '.logclose',
    run: close,
  },
  {
    ...common,
    name: '.logfile',
    syntax: ['.logfile'],
    summary: 'Shows which log file is open.',
    help: 'On the machine where the engine runs.',
    example: '.logfile',
    run: show,
  },
];
