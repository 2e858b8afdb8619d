import { cppExtent } from '../../expressions/cpp-extent.ts';
import { evaluate } from '../../expressions/evaluate.ts';
import { parseMasm } from '../../expressions/parser.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { integerOf } from '../evaluate/cpp.ts';
import { createScope, typedValue } from '../scope.ts';
import type { DebuggerState } from '../state.ts';
import { canWait, isUnresolved, tryAddress } from './place.ts';

/** What MASM and C++ write alike. */
const NAME = /^(?:\w+!)?[A-Za-z_]\w*(?:::~?\w+)*$/;

/** Where a breakpoint is to stand. */
export interface Place {
  /** As MASM reads it, whatever `.expr` says: it is read again when the place is looked for again. */
  readonly expression: string;
  /** Null: a name in it is not known yet, and can be waited for. */
  readonly address: bigint | null;
}

/**
 * The next expression of the arguments, read by the evaluator that `.expr` has set; source lines stand in MASM's graves with either.
 * @throws HawserError `UNRESOLVED` where a name is not known and nothing can wait for it
 */
export async function readPlace({ state }: CommandContext, args: Args): Promise<Place> {
  const at = args.next;
  if (state.evaluator === 'c++' && args.text[at] !== '`') return readCpp(state, args, at);
  const { node, end } = parseMasm(args.text, at, state.radix, state.isKernel);
  args.position = end;
  const expression = args.text.slice(at, end);
  return waiting(expression, () => evaluate(node, createScope(state), args.text));
}

async function readCpp(state: DebuggerState, args: Args, at: number): Promise<Place> {
  const end = cppExtent(args.text, at);
  if (end === at) args.fail(at);
  args.position = end;
  const text = args.text.slice(at, end);
  const plain = NAME.test(text);
  // A name that is not there: in C++ it would have no value at all.
  if (plain && (await tryAddress(state, text)) === null) return { expression: text, address: null };
  const address = integerOf(await typedValue(state, text, 1));
  // A function's name is its address with both.
  const same = plain && (await tryAddress(state, text)) === address;
  return { expression: same ? text : `@@c++(${text})`, address };
}

async function waiting(expression: string, evaluated: () => Promise<bigint>): Promise<Place> {
  try {
    return { expression, address: await evaluated() };
  } catch (error) {
    if (!isUnresolved(error) || !canWait(expression)) throw error;
    return { expression, address: null };
  }
}
