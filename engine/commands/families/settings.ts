import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

/** `.push [/r] [/q]`. */
async function push(context: CommandContext, args: Args): Promise<Control | undefined> {
  const options = flags(args);
  context.state.push(options.has('r'));
  return undefined;
}

async function pop(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const options = flags(args);
  if (!context.state.pop(options.has('r')) && !options.has('q'))
    throw engineErrors.badArgument('Nothing has been pushed', at);
  context.host.stateChanged();
  return undefined;
}

function flags(args: Args): ReadonlySet<string> {
  const found = new Set<string>();
  const option = /\/([rq])(?=\s|\/|$)/y;
  for (let match = args.match(option); match; match = args.match(option)) found.add(match[1] ?? '');
  args.expectEnd();
  return found;
}

/** `.pcmd [-s "Commands" | -c]`. */
async function promptCommand(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, caller } = context;
  if (args.match(/-c(?=\s|$)/y)) state.promptCommand = null;
  else if (args.match(/-s(?=\s|")/y)) {
    const at = args.next;
    state.promptCommand = { commands: args.quoted() ?? args.fail(at), owner: caller };
  }
  args.expectEnd();
  context.print(
    state.promptCommand ? `Per-prompt command is '${state.promptCommand.commands}'` : 'No per-prompt command',
  );
  return undefined;
}

const notHere: CommandEntry['run'] = async () => undefined;
const common = { family: 'Session', needs: 'none', secure: 'allowed' } as const;

export const settingCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.push',
    syntax: ['.push [/r] [/q]'],
    summary: 'Keeps the state of the debugger, for .pop to bring back.',
    help: 'Current system, thread and frame, base of numbers, evaluator, the last kind of display, whether stops show registers; with /r $t0 to $t19 too.',
    example: '.push; n 10; .pop',
    run: push,
  },
  {
    ...common,
    name: '.pop',
    syntax: ['.pop [/r] [/q]'],
    summary: 'Brings back the state that .push has kept.',
    help: '/r brings back $t0 to $t19, if they were kept. A thread or system that has gone meanwhile stays gone. With /q it is no error when there is nothing.',
    example: '.push /r; r $t0 = 5; .pop /r',
    run: pop,
  },
  {
    ...common,
    name: '.pcmd',
    syntax: ['.pcmd', '.pcmd -s "Commands"', '.pcmd -c'],
    summary: 'Sets commands that run each time the target has stopped, before the prompt.',
    help: 'With the rights of who has set them. -c takes them away.',
    example: '.pcmd -s "k 2"; .pcmd -c',
    run: promptCommand,
  },
  {
    ...common,
    name: '.cls',
    syntax: ['.cls'],
    summary: 'Empties the Command window, or the screen of a console.',
    help: 'That of whoever types it; the others keep what they see.',
    example: '.cls',
    front: true,
    run: notHere,
  },
  {
    ...common,
    name: '.wtitle',
    syntax: ['.wtitle Text'],
    summary: 'Sets the title of the window, or of the terminal.',
    help: 'That of whoever types it. All of the line counts; without a text the debugger’s own comes back.',
    wholeLine: true,
    example: '.wtitle the third try',
    front: true,
    run: notHere,
  },
];
