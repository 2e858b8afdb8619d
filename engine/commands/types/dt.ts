import { HawserError } from '../../../transports/errors/error.ts';
import type { TypedValue, TypeInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { address } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { type FieldFilter, typeLines, valueLines } from './show.ts';

const LIST_LIMIT = 1000;
const DEEPEST = 9;

interface Request {
  readonly module: string | null;
  readonly name: string;
  readonly nameAt: number;
  /** `struct` or its like was typed. */
  readonly tagged: boolean;
  readonly filters: readonly FieldFilter[];
  readonly address: bigint | null;
  readonly depth: number;
}

/** `dt [-r[N]] [module!]Name [Field …] [Address]`. */
export async function displayType(context: CommandContext, args: Args): Promise<void> {
  const request = await readRequest(context, args);
  if (/[*?[]/.test(request.name)) return listMatches(context, request);
  const { state } = context;
  const type = await findType(context, request);
  if (!type) return displayVariable(context, request);
  if (request.address === null) {
    context.print(typeLines(type, request.filters, state.pointerSize).join('\n'));
    return;
  }
  const value = await state.target.readValue(type.name, request.address, request.depth);
  context.print(valueLines(value, request.filters, state.pointerSize).join('\n'));
}

/** C's tags come before what a type definition of some library may call the same. */
async function findType(
  { state }: CommandContext,
  { module, name, tagged }: Request,
): Promise<TypeInfo | null> {
  const tries =
    tagged || /\W/.test(name) ? [name] : [`struct ${name}`, `union ${name}`, `enum ${name}`, name];
  for (const each of tries) {
    const type = await state.target.findType(module, each).catch(noneIfUnknown);
    if (type) return type;
  }
  return null;
}

/** GDB says of a name it does not know that it failed. */
function noneIfUnknown(error: unknown): null {
  if (error instanceof HawserError && error.code === 'GDB') return null;
  throw error;
}

async function readRequest(context: CommandContext, args: Args): Promise<Request> {
  const { state } = context;
  const depth = readDepth(args);
  if (args.done) args.fail(args.position);
  const nameAt = args.position;
  const typed = args.match(/(?:(?:struct|union|class|enum)\s+)?[^\s]+/y)?.[0] ?? '';
  const full = typed === '.' ? state.lastTypeName : typed.replace(/\s+/, ' ');
  if (full === null) args.fail(nameAt);
  state.lastTypeName = full;
  const mark = full.indexOf('!');
  const filters: FieldFilter[] = [];
  let where: bigint | null = null;
  while (!args.done) {
    const field = args.match(/([a-z_]\w*)(\*?)(?=\s|$)/iy);
    // A word that reads as a number is the address, as everywhere.
    if (field && !/^[0-9a-f]+$/i.test(field[1] ?? ''))
      filters.push({ name: field[1] ?? '', prefix: field[2] === '*' });
    else where = await addressArgument(context, args, field?.[0].length ?? 0);
  }
  const module = mark < 0 ? null : full.slice(0, mark);
  const tagged = /^(struct|union|class|enum) /.test(full);
  return { module, name: full.slice(mark + 1), nameAt, tagged, filters, address: where, depth };
}

async function addressArgument(context: CommandContext, args: Args, taken: number): Promise<bigint> {
  args.position -= taken;
  return context.evaluate(args);
}

function readDepth(args: Args): number {
  let depth = 1;
  for (
    let match = args.match(/-(r([0-9])?|b|v)(?=\s)/y);
    match;
    match = args.match(/-(r([0-9])?|b|v)(?=\s)/y)
  ) {
    if (match[1] === 'b') depth = DEEPEST;
    else if (match[1]?.startsWith('r')) depth = 1 + Number(match[2] ?? DEEPEST);
  }
  return depth;
}

/** Types and symbols whose names match. */
async function listMatches(context: CommandContext, { module, name }: Request): Promise<void> {
  const { target, pointerSize } = context.state;
  const types = await target.findTypes(module ?? '*', name, LIST_LIMIT);
  const symbols = await target.findSymbols(module ?? '*', name, LIST_LIMIT);
  const lines = [
    ...types.map((each) => `          ${each}`),
    ...symbols.map((each) => `${address(each.address, pointerSize)}  ${each.module}!${each.name}`),
  ];
  if (lines.length > 0) context.print(lines.join('\n'));
}

/** A name that is no type: a variable. A pointer to a struct shows what it points to. */
async function displayVariable(context: CommandContext, request: Request): Promise<void> {
  const { state } = context;
  let value: TypedValue;
  try {
    value = await state.target.evaluate(request.name, state.context, request.depth);
  } catch {
    throw engineErrors.badArgument(`Symbol ${request.name} not found.`, request.nameAt);
  }
  const own = value.type;
  const hits = value.address === null ? [] : await state.target.symbolize([value.address]);
  // A global is known by its symbol; what has none lives on the stack.
  if (value.address !== null && !hits[0])
    context.print(`Local var @ 0x${value.address.toString(16)} Type ${own.name}`);
  const target = own.kind === 'pointer' ? own.target : undefined;
  if (target && /^(struct|union|class)$/.test(target.kind) && value.integer) {
    context.print(`0x${address(BigInt.asUintN(64, value.integer), state.pointerSize)}`);
    value = await state.target.readValue(target.name, BigInt.asUintN(64, value.integer), request.depth);
  }
  context.print(valueLines(value, request.filters, state.pointerSize).join('\n'));
}
