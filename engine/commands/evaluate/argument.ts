import type { TypedValue } from '../../backend/types.ts';
import { parseMasm } from '../../expressions/parser.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { typedValue } from '../scope.ts';
import { integerOf } from './cpp.ts';

/** A number as a conversion of `.printf` takes it. */
export interface NumberArgument {
  /** Unsigned, 64 bits. */
  readonly integer: bigint;
  /** Null: it is no floating-point number, and the bits of `integer` are what counts. */
  readonly float: number | null;
}

/** The next expression; of a C++ one its type counts. */
export async function readNumberArgument(context: CommandContext, args: Args): Promise<NumberArgument> {
  const { state } = context;
  if (state.evaluator === 'c++') return fromTyped(await context.typed(args, 1));
  const { node, end } = parseMasm(args.text, args.next, state.radix, state.isKernel);
  if (node.kind !== 'cpp') return { integer: await context.evaluate(args), float: null };
  args.position = end;
  return fromTyped(await typedValue(state, node.text, 1));
}

function fromTyped(value: TypedValue): NumberArgument {
  const float = value.type.kind === 'float' ? Number(value.float) : null;
  if (float !== null && !Number.isFinite(float)) return { integer: 0n, float };
  return { integer: integerOf(value), float };
}
