import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, Control, ThreadPrefix } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';
import { threadLine } from './line.ts';

/** A thread token with nothing or with `s` after it: lists threads, or makes one the current. */
export async function threadCommand(
  context: CommandContext,
  args: Args,
  prefix: ThreadPrefix | null,
): Promise<Control | undefined> {
  if (args.done) {
    await listThreads(context, prefix);
  } else if (args.match(/s/y)) {
    args.expectEnd();
    await selectThread(context, args, prefix);
  } else {
    throw engineErrors.unsupported('Freezing and suspending threads', 'this version cannot do it yet');
  }
  return undefined;
}

async function listThreads(context: CommandContext, prefix: ThreadPrefix | null): Promise<void> {
  const { state } = context;
  const threads = await state.refreshThreads();
  const pointers = await state.target.threadPointers();
  for (const thread of threads) {
    state.cancel.check();
    if (!prefix || prefix.threads.includes(thread.index)) context.print(threadLine(state, thread, pointers));
  }
}

async function selectThread(
  { state, host }: CommandContext,
  args: Args,
  prefix: ThreadPrefix | null,
): Promise<void> {
  const [thread = state.thread, more] = prefix?.threads ?? [];
  if (more !== undefined) args.fail(args.position - 1);
  state.thread = thread;
  state.frame = 0;
  state.codeCursor = null;
  host.stateChanged();
  host.output('prompt-registers', `${await stopDisplay(state, false)}\n`);
}
