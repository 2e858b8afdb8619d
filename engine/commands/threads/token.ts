import { joined, linked } from '../../dml/marked.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, Control, ThreadPrefix } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';
import { startLines, threadDetails } from './details.ts';
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
    await keepStill(context, args, prefix);
  }
  return undefined;
}

/** `f`, `u`, `n`, `m`: freezes, unfreezes, and counts of suspension. They hold when the target runs next. */
async function keepStill(context: CommandContext, args: Args, prefix: ThreadPrefix | null): Promise<void> {
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
  const chosen = prefix?.threads ?? [state.thread];
  for (const thread of chosen) {
    const count = suspended.get(thread) ?? 0;
    if (letter === 'f') frozen.add(thread);
    else if (letter === 'u') frozen.delete(thread);
    else suspended.set(thread, Math.max(0, count + (letter === 'n' ? 1 : -1)));
  }
  host.threadsChanged();
  if (letter !== 'n') return;
  const held = state.threads.filter(({ index }) => chosen.includes(index));
  const [pointers, starts] = [await state.target.threadPointers(), await startLines(state, held)];
  for (const thread of held)
    context.print([threadLine(state, thread, pointers), ...(starts.get(thread.index) ?? [])].join('\n'));
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
  const shown = threads.filter(({ index }) => !prefix || prefix.threads.includes(index));
  const details = prefix ? await threadDetails(state, shown) : null;
  for (const thread of shown) {
    state.cancel.check();
    const line = threadLine(state, thread, pointers);
    const head = linked(line, String(thread.index), `~${thread.index}s`);
    context.print(joined([head, ...(details?.get(thread.index) ?? [])], '\n'));
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
