import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

/** `|`, `|.`, `|*`, `|#`, `|0`, `|0s`: there is one process. */
async function processes(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  if (!args.done) {
    const match = args.match(/(?:[.*#]|0)?\s*(s)?/y);
    if (!match?.[0]) args.fail(args.position);
  }
  args.expectEnd();
  const { process, spec } = state;
  const origin = spec?.kind === 'launch' ? 'create' : spec?.kind === 'attach' ? 'attach' : 'examine';
  const path = process?.executable ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  context.print(`.  0    id: ${(process?.pid ?? 0).toString(16)} ${origin.padEnd(7)} name: ${name}`);
  return undefined;
}

/** The interpreter reads thread tokens itself: they may stand before any command. */
const readByInterpreter: CommandEntry['run'] = async () => undefined;

const common = { family: 'Threads and processes', needs: 'any' } as const;

export const threadCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '~',
    syntax: ['~', '~Thread', '~Thread Command'],
    summary: 'Lists threads; before a command it says which thread the command is for.',
    help:
      'Thread is an index, `.` for the current one, `#` for that of the last event, `*` for all, `~[TID]` or ' +
      '`[Expression]` for a system thread id. `.` and `#` mark those two in the list.',
    example: '~*k',
    run: readByInterpreter,
  },
  {
    ...common,
    name: '~s',
    syntax: ['~Thread s'],
    summary: 'Makes a thread the current one.',
    help: 'Commands without a thread token are for the current thread.',
    example: '~1s',
    run: readByInterpreter,
  },
  {
    ...common,
    name: '|',
    syntax: ['|'],
    summary: 'Lists the processes that are being debugged.',
    help: 'With index, id, how the debugger came by each, and its name.',
    example: '|',
    glue: /^/,
    run: processes,
  },
];
