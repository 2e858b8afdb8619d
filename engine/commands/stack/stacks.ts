import type { Frame, ThreadInfo } from '../../backend/types.ts';
import { joined } from '../../dml/marked.ts';
import type { CommandContext } from '../entry.ts';
import { threadLine } from '../threads/line.ts';
import { stackLinks } from './links.ts';
import type { StackRequest } from './request.ts';
import { RAW_WORDS, stackText } from './text.ts';

/** Threads whose stacks are read together: as many as are read within a moment, so that a break-in gets through. */
const AT_ONCE = 64;

/** The stacks of threads, read in few round trips, in the threads' order. Of each as many frames as `count`. */
export async function* stacksOf(
  { state }: CommandContext,
  threads: readonly number[],
  count: number,
  details: { readonly args: boolean; readonly words: boolean },
): AsyncGenerator<readonly [thread: number, frames: readonly Frame[]]> {
  const [only = 0] = threads;
  if (threads.length === 1 && !details.args && !details.words)
    return yield [only, await state.target.frames(only, count)];
  for (let first = 0; first < threads.length; first += AT_ONCE) {
    state.cancel.check();
    const some = threads.slice(first, first + AT_ONCE);
    const stacks = await state.target.stacks(some, count, {
      args: details.args,
      words: details.words ? RAW_WORDS : 0,
    });
    for (const [index, thread] of some.entries()) yield [thread, stacks[index] ?? []];
  }
}

/** `k` for threads, each under a line of its own where `headed`. */
export async function showStacks(
  context: CommandContext,
  threads: readonly number[],
  { style, count, start }: StackRequest,
  headed: boolean,
): Promise<void> {
  const { state } = context;
  const details = { args: style.parameters !== 'none', words: style.words };
  if (start) {
    for (const thread of threads) {
      const words = details.words ? RAW_WORDS : 0;
      const [frames = []] = await state.target.stacks([thread], count, { ...details, words }, start);
      context.print(stackLinks(stackText(state, frames, style), thread === state.thread ? null : thread));
    }
    return;
  }
  const heads = headed ? await threadHeads(context) : null;
  for await (const [thread, frames] of stacksOf(context, threads, count, details)) {
    const text = stackLinks(stackText(state, frames, style), thread === state.thread ? null : thread);
    context.print(heads ? joined([`\n${heads(thread)}`, text], '\n') : text);
  }
}

/** How the list of threads shows each. */
export async function threadHeads({ state }: CommandContext): Promise<(thread: number) => string> {
  const pointers = await state.target.threadPointers();
  const infos = new Map<number, ThreadInfo>(state.threads.map((info) => [info.index, info]));
  return (thread) => {
    const info = infos.get(thread);
    return info ? threadLine(state, info, pointers) : '';
  };
}
