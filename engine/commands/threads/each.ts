import { toHawserError } from '../../../transports/errors/error.ts';
import type { Environment } from '../context.ts';
import type { CommandEntry, Control, ThreadPrefix } from '../entry.ts';
import { errorText } from '../error-text.ts';
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

/** `~*e`: a text once for each thread; an error is told, and the next thread's turn comes. */
export async function sequenceForThreads(
  { state, host }: Environment,
  { threads }: ThreadPrefix,
  run: () => Promise<Control>,
): Promise<Control> {
  const before = state.thread;
  let leave = false;
  try {
    for (const thread of threads) {
      state.cancel.check();
      state.thread = thread;
      state.frame = 0;
      try {
        leave = (await run()).leave === true || leave;
      } catch (thrown) {
        const error = toHawserError(thrown);
        if (error.code === 'INTERRUPTED') throw error;
        if (error.text !== state.told) host.output('error', `${errorText(error, '', null)}\n`);
      }
    }
  } finally {
    state.thread = before;
    state.frame = 0;
  }
  return { leave };
}
