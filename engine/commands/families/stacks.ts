import type { Frame } from '../../backend/types.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { symbol } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { styleOf } from '../stack/request.ts';
import { stacksOf, threadHeads } from '../stack/stacks.ts';
import { frameLine, stackText } from '../stack/text.ts';

/** Threads whose stacks are the same are told by number only. */
async function uniqueStacks(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  let letters = '';
  for (let match = args.match(/-([bvpn]+)(?=\s|$)/y); match; match = args.match(/-([bvpn]+)(?=\s|$)/y))
    letters += match[1];
  args.expectEnd();
  const style = styleOf(letters, state.pointerSize);
  const threads = (await state.refreshThreads()).map(({ index }) => index);
  context.print(`Processing ${threads.length} threads, please wait\n`);
  const heads = await threadHeads(context);
  const seen = new Set<string>();
  const duplicates: number[] = [];
  const details = { args: style.parameters !== 'none', words: style.words };
  for await (const [thread, frames] of stacksOf(context, threads, state.defaultFrames, details)) {
    const key = frames.map(({ address, inlined }) => `${inlined ? 'i' : ''}${address}`).join(' ');
    if (seen.has(key)) duplicates.push(thread);
    else context.print(`${heads(thread)}\n${stackText(state, frames, style)}\n`);
    seen.add(key);
  }
  context.print(`Total threads: ${threads.length}`);
  if (duplicates.length === 0) return;
  context.print(
    `Duplicate callstacks: ${duplicates.length} (windbg thread #s follow):\n${duplicates.join(', ')}`,
  );
}

async function findStacks(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const wanted = args.word() ?? args.fail(args.next);
  const level = args.match(/([012])(?=\s|$)/y)?.[1] ?? '1';
  args.expectEnd();
  const threads = (await state.refreshThreads()).map(({ index }) => index);
  for await (const [thread, frames] of stacksOf(context, threads, state.defaultFrames, {
    args: false,
    words: false,
  })) {
    const found = new Set(frames.filter((each) => isNamed(each, wanted)));
    if (found.size === 0) continue;
    const lines = [`Thread ${String(thread).padStart(3, '0')}, ${found.size} frame(s) match`];
    const shown = level === '0' ? [] : frames.filter((each) => level === '2' || found.has(each));
    for (const each of shown) lines.push(`        ${found.has(each) ? '*' : ' '} ${frameLine(state, each)}`);
    context.print(`${lines.join('\n')}\n`);
  }
}

/** `module`, `module!function`, or the beginning of one; by pattern where it has wildcards. */
function isNamed({ symbol: hit, module }: Frame, wanted: string): boolean {
  const name = hit ? symbol({ ...hit, offset: 0n }) : (module?.name ?? '');
  const bare = name.slice(name.indexOf('!') + 1);
  if (/[*?[]/.test(wanted)) return matchesWildcard(wanted, name) || matchesWildcard(wanted, bare);
  return [name, bare].some((each) => each.toLowerCase().startsWith(wanted.toLowerCase()));
}

const common = { family: 'Stack and locals', needs: 'any', threads: 'none' } as const;

export const stacksCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '!uniqstack',
    syntax: ['!uniqstack [-b|-v|-p] [-n]'],
    summary: 'Shows the stacks of all threads, those that are the same once.',
    help: '-b and -v add the raw words that a caller left on the stack, -p parameters with their values. Stacks are the same when their addresses are. The numbers of the other threads follow at the end.',
    example: '!uniqstack',
    run: uniqueStacks,
  },
  {
    ...common,
    name: '!findstack',
    syntax: ['!findstack Symbol [0|1|2]'],
    summary: 'Finds the threads whose stacks have a function or module on them.',
    help: 'Symbol is the beginning of `module!function`, of a function or of a module, or a pattern with wildcards. 0 shows the threads only, 1 (the default) the frames that match, 2 the whole stacks with those marked.',
    example: '!findstack loop!',
    differences: 'Frame numbers are hexadecimal, as k shows them.',
    run: findStacks,
  },
];
