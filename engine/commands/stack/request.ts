import type { StackStart } from '../../backend/types.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';

export interface StackStyle {
  /** `b`, `v`: the words that a caller left on the stack. */
  readonly words: boolean;
  /** Not with `b` alone, on machines that have room for the stack pointer's column. */
  readonly pointer: boolean;
  /** `f`: the stack that each frame takes. */
  readonly memory: boolean;
  /** `c`. */
  readonly symbolsOnly: boolean;
  /** Not with `L`. */
  readonly source: boolean;
  readonly parameters: 'none' | 'inline' | 'lines';
}

export const PLAIN: StackStyle = {
  words: false,
  pointer: true,
  memory: false,
  symbolsOnly: false,
  source: true,
  parameters: 'none',
};

/** What `k` was asked for. */
export interface StackRequest {
  readonly style: StackStyle;
  /** Frames of each stack. */
  readonly count: number;
  /** Behind `=`; null: where the thread stands. */
  readonly start: StackStart | null;
}

/** A stack is looked at so far at most. */
export const MAX_FRAMES = 0x10000;
const FLAGS = /[bcfLMnpPv]+/y;

/** The letters right behind `k`. `pointerSize` of the target. */
export function styleOf(letters: string, pointerSize: 4 | 8): StackStyle {
  const has = (letter: string) => letters.includes(letter);
  return {
    words: has('b') || has('v'),
    pointer: !has('b') || has('v') || pointerSize === 4,
    memory: has('f'),
    symbolsOnly: has('c'),
    source: !has('L'),
    parameters: has('P') ? 'lines' : has('p') ? 'inline' : 'none',
  };
}

/** `[Flags] [Count]`, `[Flags] = StackPtr [Count]`, `[Flags] = StackPtr InstructionPtr Count`. */
export async function stackRequest(context: CommandContext, args: Args): Promise<StackRequest> {
  const { state } = context;
  const style = styleOf(args.match(FLAGS)?.[0] ?? '', state.pointerSize);
  const isPlaced = args.take('=');
  const numbers: bigint[] = [];
  while (!args.done && numbers.length < 3) numbers.push(await context.evaluate(args));
  args.expectEnd();
  if (isPlaced && numbers.length === 0) args.fail();
  if (!isPlaced && numbers.length > 1) args.fail();
  const [stackPointer = null, address = null] = isPlaced ? numbers : [];
  const count = isPlaced ? numbers.slice(1).at(-1) : numbers[0];
  return {
    style,
    count: count === undefined ? state.defaultFrames : Math.min(Number(count), MAX_FRAMES),
    start: isPlaced ? { stackPointer, address: numbers.length === 3 ? address : null } : null,
  };
}
