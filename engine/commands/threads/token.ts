import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, Control, ThreadPrefix } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';
import { processorLine, threadLine } from './line.ts';

/** A thread token with nothing or with `s` after it: lists threads, or makes one the current. */
export async function threadCommand(
  context: CommandContext,
  args: Args,
  prefix: ThreadPrefix | null,
): Promise<Control | undefined> {
  const { isKernel } = context.state.current;
  if (args.done && isKernel && prefix && !prefix.all) {
    await selectThread(context, args, prefix);
  } else if (args.done) {
    await (isKernel ? listProcessors : listThreads)(context, prefix);
  } else if (args.match(/s/y)) {
    args.expectEnd();
    await selectThread(context, args, prefix);
  } else {
    keepStill(context, args, prefix);
  }
  return undefined;
}

/** `f`, `u`, `n`, `m`: freezes, unfreezes, and counts of suspension. They hold when the target runs next. */
function keepStill(context: CommandContext, args: Args, prefix: ThreadPrefix | null): void {
  const { state, host, execution } = context;
  if (state.isKernel)
    throw engineErrors.unsupported(
      'Freezing and suspending threads',
      'the threads of a kernel are processors, which its stub runs together',
      'bp with ~N before it stops for one of them.',
    );
  execution.expectRunnable();
  const letter = args.match(/[funm]/iy)?.[0].toLowerCase();
  args.expectEnd();
  const { frozen, suspended } = state.current;
  for (const thread of prefix?.threads ?? [state.thread]) {
    const count = suspended.get(thread) ?? 0;
    if (letter === 'f') frozen.add(thread);
    else if (letter === 'u') frozen.delete(thread);
    else suspended.set(thread, Math.max(0, count + (letter === 'n' ? 1 : -1)));
  }
  host.threadsChanged();
}

async function listProcessors(context: CommandContext, prefix: ThreadPrefix | null): Promise<void> {
  const { state } = context;
  for (const { index } of await state.refreshThreads()) {
    state.cancel.check();
    if (prefix && !prefix.threads.includes(index)) continue;
    const [frame] = await state.target.frames(index, 1);
    context.print(processorLine(state, index, frame ?? null));
  }
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
