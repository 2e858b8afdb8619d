import type { Environment } from '../context.ts';
import type { CommandEntry, Control, ThreadPrefix } from '../entry.ts';
import { threadLine } from './line.ts';

/** Runs a command once for each thread, and comes back to the thread it started from. */
export async function runForThreads(
  { state, host }: Environment,
  prefix: ThreadPrefix,
  entry: CommandEntry,
  run: () => Promise<Control | undefined>,
): Promise<void> {
  const before = state.thread;
  const headed = prefix.all && entry.name === 'k';
  const pointers = headed ? await state.target.threadPointers() : new Map<number, bigint>();
  state.frame = 0;
  try {
    for (const thread of prefix.threads) {
      state.cancel.check();
      const info = state.threads.find((each) => each.index === thread);
      if (headed && info) host.output('normal', `\n${threadLine(state, info, pointers)}\n`);
      state.thread = thread;
      await run();
      // The marks before the threads are those of the thread that is current outside the loop.
      state.thread = before;
    }
  } finally {
    state.thread = before;
    state.frame = 0;
  }
}
