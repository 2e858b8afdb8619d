import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

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

function open(append: boolean): CommandEntry['run'] {
  return async (context: CommandContext, args: Args): Promise<Control | undefined> => {
    let isStamped = false;
    for (let match = args.match(/\/([tu])\b/y); match; match = args.match(/\/([tu])\b/y))
      isStamped ||= match[1] === 't';
    const typed = args.quoted() ?? args.word() ?? DEFAULT_NAME;
    args.expectEnd();
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
    syntax: ['.logopen [/t] [File]'],
    summary: 'Begins a log of everything that the Command window shows.',
    help: 'On the machine where the engine runs. One that is open is closed first. /t adds process id and time to the name.',
    example: '.logopen /t loop.log',
    run: open(false),
  },
  {
    ...common,
    name: '.logappend',
    syntax: ['.logappend [/t] [File]'],
    summary: 'As .logopen, but adds to a file that exists.',
    help: 'What the file holds already stays.',
    run: open(true),
  },
  {
    ...common,
    name: '.logclose',
    syntax: ['.logclose'],
    summary: 'Ends the log.',
    help: 'The file stays.',
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
