import { toHawserError } from '../../../transports/errors/error.ts';
import type { Environment } from '../context.ts';
import type { Control, ThreadPrefix } from '../entry.ts';
import { errorText } from '../error-text.ts';

/** Runs a command once for each thread, and comes back to the thread it started from. */
export async function runForThreads(
  { state }: Environment,
  prefix: ThreadPrefix,
  run: () => Promise<Control | undefined>,
): Promise<void> {
  const before = state.thread;
  state.frame = 0;
  try {
    for (const thread of prefix.threads) {
      state.cancel.check();
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
  environment: Pick<Environment, 'state' | 'host'>,
  { threads }: ThreadPrefix,
  run: () => Promise<Control>,
): Promise<Control> {
  const { state } = environment;
  const before = state.thread;
  let leave = false;
  try {
    for (const thread of threads) {
      state.cancel.check();
      state.thread = thread;
      state.frame = 0;
      leave = (await runNext(environment, run)).leave === true || leave;
    }
  } finally {
    state.thread = before;
    state.frame = 0;
  }
  return { leave };
}

/** One of several that are run in turn: its error is told, and the next one's turn comes. A break-in ends all. */
export async function runNext(
  { state, host }: Pick<Environment, 'state' | 'host'>,
  run: () => Promise<Control>,
): Promise<Control> {
  try {
    return await run();
  } catch (thrown) {
    const error = toHawserError(thrown);
    if (error.code === 'INTERRUPTED') throw error;
    if (error.text !== state.told) host.output('error', `${errorText(error, '', null)}\n`);
    return {};
  }
}
