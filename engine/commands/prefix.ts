import { engineErrors } from '../errors.ts';
import type { Args } from './args.ts';
import type { CommandContext, ThreadPrefix } from './entry.ts';

/**
 * The thread token at the cursor: `~2`, `~*`, `~.`, `~#`, `~~[TID]`, `~[TID]`; with kernels `2` too. Null for a bare `~`, which
 * stands for the current thread before a command and for all alone.
 */
export async function readThreadToken(context: CommandContext, args: Args): Promise<ThreadPrefix | null> {
  const at = args.position;
  const match = /~(\*|\.|#|\d+|~?\[)|(\d+)/y;
  match.lastIndex = at;
  const found = match.exec(args.text);
  const token = found?.[1] ?? found?.[2];
  if (token === undefined) {
    args.position = at + 1;
    return null;
  }
  args.position = match.lastIndex;
  const threads = await context.state.refreshThreads();
  if (token === '*') return { threads: threads.map((thread) => thread.index), all: true };
  if (token === '.') return one(context.state.thread);
  if (token === '#') return one(context.state.eventThread);
  const wanted = token.endsWith('[') ? await bySystemId(context, args) : Number(token);
  if (!threads.some((thread) => thread.index === wanted)) {
    throw engineErrors.badArgument(`Illegal thread error at '${args.text.slice(at).trimEnd()}'`, at);
  }
  return one(wanted);
}

async function bySystemId(context: CommandContext, args: Args): Promise<number> {
  const tid = await context.evaluate(args);
  if (!args.take(']')) args.fail();
  return context.state.threads.find((thread) => BigInt(thread.tid) === tid)?.index ?? -1;
}

function one(index: number): ThreadPrefix {
  return { threads: [index], all: false };
}
