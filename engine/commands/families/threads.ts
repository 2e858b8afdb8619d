import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';

/** `|`, `|.`, `|*`, `|#`, `|0`, `|~[PID]`, `|[PID]`, and with `s`: a system has one process. */
async function processes(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, host } = context;
  if (state.isKernel)
    throw engineErrors.unsupported('|', 'a kernel is debugged, and no processes', 'Use !process 0 0.');
  const at = args.next;
  await readProcessToken(context, args, at);
  const selects = args.match(/s/iy) !== null;
  args.expectEnd();
  if (selects) {
    host.output('prompt-registers', `${await stopDisplay(state, false)}\n`);
    return undefined;
  }
  const { process, spec } = state;
  const origin =
    spec?.kind === 'launch'
      ? 'create'
      : spec?.kind === 'attach'
        ? spec.child
          ? 'child'
          : 'attach'
        : 'examine';
  const path = process?.executable ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  context.print(`.  0    id: ${(process?.pid ?? 0).toString(16)} ${origin.padEnd(7)} name: ${name}`);
  return undefined;
}

/** Moves over the token. @throws where it means a process that is not this system's */
async function readProcessToken(context: CommandContext, args: Args, at: number): Promise<void> {
  if (args.match(/[.*#]/y)) return;
  const index = args.match(/\d+/y)?.[0];
  let found = index === undefined || Number(index) === 0;
  if (args.match(/~?\[/y)) {
    const pid = await context.evaluate(args);
    if (!args.take(']')) args.fail();
    found = pid === BigInt(context.state.process?.pid ?? 0);
  }
  if (!found)
    throw engineErrors.badArgument(`Illegal process error at '${args.text.slice(at).trimEnd()}'`, at);
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
      '`[Expression]` for a system thread id. `.` and `#` mark those two in the list. With a kernel threads are ' +
      'processors: `~1` makes one the current, and `1k` is short for `~1k`.',
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
    name: '~e',
    secure: 'allowed',
    wholeLine: true,
    syntax: ['~Thread e Commands'],
    summary: 'Runs commands once for each thread.',
    help: 'All that follows on the line, semicolons too. An error is told and does not end the sequence; commands that run the target are refused.',
    example: '~*e r rip; k 1',
    run: readByInterpreter,
  },
  ...(
    [
      ['~f', 'Freezes threads: they stay where they are when the target runs.', '~1f'],
      ['~u', 'Unfreezes threads.', '~*u'],
      ['~n', 'Adds one to the suspend count of threads: above its first they do not run.', '~1n'],
      ['~m', 'Takes one from the suspend count of threads.', '~1m'],
    ] as const
  ).map(
    ([name, summary, example]): CommandEntry => ({
      ...common,
      name,
      syntax: [`~Thread ${name.slice(1)}`],
      summary,
      help: 'It counts when the target runs, and until it is let go. `~` shows both. Steps, and `g` with a thread before it, need that thread to be free; while some are held steps run no other thread. Where several run and several do not, those on x86-64 wait in a system call (ppoll) meanwhile.',
      example,
      run: readByInterpreter,
    }),
  ),
  {
    ...common,
    name: '|',
    differences:
      'Each process is a system of its own, with a GDB of its own, so that one that dies takes nothing else with it.',
    syntax: ['|', '|Process', '|Process s'],
    summary: 'Lists the process that is being debugged; with s it shows where it stands.',
    help:
      'With index, id, how the debugger came by it, and its name. Process is an index, `.`, `#`, `*`, or `~[PID]`. Each process is a system of its ' +
      'own (||), so that there is one.',
    example: '|',
    glue: /^/,
    run: processes,
  },
];
