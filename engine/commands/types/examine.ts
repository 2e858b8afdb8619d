import type { SymbolInfo, TypedValue, TypeInfo } from '../../backend/types.ts';
import { joined, linked, type Marked } from '../../dml/marked.ts';
import { address } from '../../format/address.ts';
import { floatText } from '../../format/memory.ts';
import { shortValue } from '../../format/values.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import { littleEndian } from '../memory/read.ts';
import { variableLines } from './variables.ts';

const LIMIT = 200_000;
/** Data further apart than this is read apart. */
const GAP = 0x10000n;

/** `x [/flags] Module!Pattern`. Symbols come as they are found, unless they are to be sorted. */
export async function examine(context: CommandContext, args: Args): Promise<void> {
  const { flags, size } = await readFlags(context, args);
  const at = args.next;
  if (args.text[at] === '/') args.fail(at);
  const pattern = args.word() ?? args.fail(at);
  args.expectEnd();
  if (pattern === '*') return locals(context);
  const mark = pattern.indexOf('!');
  const bare =
    size === null && ['0', '1', '2'].some((letter) => flags.has(letter)) && !/[zZ]/.test([...flags].join(''));
  const [module, name] = mark < 0 ? ['*', pattern] : [pattern.slice(0, mark), pattern.slice(mark + 1)];
  const found = context.target.symbols(module, name, bare);
  const breath = new Breath(context.state.cancel);
  const kept: SymbolInfo[] = [];
  const sorts = ['n', 'N', 'a', 'A', 'z', 'Z'].some((letter) => flags.has(letter));
  let left = LIMIT;
  for await (const batch of found) {
    await breath.take();
    const chosen = batch.filter((symbol) => isWanted(symbol, flags, size)).slice(0, left);
    left -= chosen.length;
    if (sorts) kept.push(...chosen);
    else await show(context, chosen, flags);
    if (left === 0) break;
  }
  if (sorts) await show(context, sorted(kept, flags), flags);
  if (left === 0) context.host.output('warning', `Only the first ${LIMIT} symbols are shown.\n`);
}

async function readFlags(
  context: CommandContext,
  args: Args,
): Promise<{ readonly flags: ReadonlySet<string>; readonly size: bigint | null }> {
  const flags = new Set<string>();
  let size: bigint | null = null;
  for (let match = nextFlag(args); match; match = nextFlag(args)) {
    flags.add(match[1] ?? '');
    if (match[1] === 's') size = await context.evaluate(args);
  }
  return { flags, size };
}

function isWanted(symbol: SymbolInfo, flags: ReadonlySet<string>, size: bigint | null): boolean {
  if (flags.has('f') && symbol.kind !== 'function') return false;
  if (flags.has('d') && symbol.kind === 'function') return false;
  return size === null || symbol.size === size;
}

async function show(
  context: CommandContext,
  symbols: readonly SymbolInfo[],
  flags: ReadonlySet<string>,
): Promise<void> {
  const bare = ['0', '1', '2'].some((letter) => flags.has(letter));
  const values = bare ? new Map<SymbolInfo, string>() : await readScalars(context, symbols);
  const lines = symbols.map((symbol) =>
    symbolLine(symbol, flags, values.get(symbol) ?? null, context.state.pointerSize),
  );
  if (lines.length === 0) return;
  const { pointerSize } = context.state;
  const marked = lines.map((line, index) => symbolLink(line, symbols[index], pointerSize));
  context.print(joined(marked, '\n'));
}

/** The address shows code or memory. */
function symbolLink(line: string, symbol: SymbolInfo | undefined, pointerSize: 4 | 8): string | Marked {
  if (!symbol) return line;
  const shows = symbol.kind === 'function' ? 'u' : 'db';
  return linked(line, address(symbol.address, pointerSize), `${shows} 0x${symbol.address.toString(16)}`);
}

function nextFlag(args: Args): RegExpExecArray | null {
  return args.match(/\/([012tvsfpdqDaAnNzZ])(?=\s|\/)/y);
}

async function locals({ state, host }: CommandContext): Promise<void> {
  const lines = variableLines(
    await state.target.locals(state.context),
    { types: false, places: true, kinds: false },
    state.pointerSize,
  );
  if (lines.length > 0) host.output('normal', `${lines.join('\n')}\n`);
}

function sorted(symbols: readonly SymbolInfo[], flags: ReadonlySet<string>): SymbolInfo[] {
  const by = (key: (symbol: SymbolInfo) => bigint | string) => (a: SymbolInfo, b: SymbolInfo) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
  const key =
    flags.has('n') || flags.has('N')
      ? by((symbol) => symbol.name.toLowerCase())
      : flags.has('z') || flags.has('Z')
        ? by((symbol) => symbol.size)
        : by((symbol) => symbol.address);
  const ascending = [...symbols].sort(key);
  return ['N', 'Z', 'A'].some((letter) => flags.has(letter)) ? ascending.reverse() : ascending;
}

function symbolLine(
  symbol: SymbolInfo,
  flags: ReadonlySet<string>,
  value: string | null,
  pointerSize: 4 | 8,
): string {
  const plain = `${symbol.module}!${symbol.name}`;
  const name = flags.has('q') ? `@!"${plain}"` : plain;
  const where = address(symbol.address, pointerSize);
  if (flags.has('0')) return where;
  if (flags.has('1')) return name;
  if (flags.has('2')) return `${where} ${name}`;
  const kind = symbol.kind === 'function' ? 'func  ' : 'global';
  const details = flags.has('v')
    ? `${symbol.type ? 'prv' : 'pub'} ${kind} ${where} ${symbol.size.toString(16).padStart(4)} `
    : `${where} `;
  const type = flags.has('t') && symbol.type ? `${symbol.type.name} ` : '';
  const tail = meaning(symbol, value);
  return `${details}${type}${name}${flags.has('p') ? tail.replace(/^ (?=\()/, '') : tail}`;
}

/** What stands behind a symbol's name: types of parameters, or `= ` and the value, else the type. */
export function meaning({ kind, type }: SymbolInfo, value: string | null): string {
  if (kind === 'function') return ` (${type ? parameterTypes(type) : '<no parameter info>'})`;
  if (!type) return ' = <no type information>';
  return ` = ${value ?? type.name}`;
}

function parameterTypes(type: TypeInfo): string {
  const names = (type.parameters ?? []).map((parameter) => parameter.name);
  return names.length === 0 ? 'void' : names.join(', ');
}

/** Values of numbers and pointers, read in few pieces: they lie close together. */
async function readScalars(
  { state }: CommandContext,
  symbols: readonly SymbolInfo[],
): Promise<ReadonlyMap<SymbolInfo, string>> {
  const scalars = symbols
    .filter(({ kind, type }) => kind !== 'function' && type && isScalar(type))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  const texts = new Map<SymbolInfo, string>();
  for (let first = 0; first < scalars.length; ) {
    state.cancel.check();
    const group = takeNear(scalars, first);
    const start = group[0]?.address ?? 0n;
    const last = group.at(-1);
    const block = await state.target.readMemory(
      start,
      Number((last?.address ?? start) - start) + (last?.type?.size ?? 8),
    );
    for (const symbol of group) {
      const at = Number(symbol.address - start);
      const readable = block.readable === null || block.readable[at] === 1;
      if (symbol.type && readable)
        texts.set(symbol, scalarText(symbol.type, block.bytes, at, state.pointerSize));
    }
    first += group.length;
  }
  return texts;
}

function takeNear(symbols: readonly SymbolInfo[], first: number): readonly SymbolInfo[] {
  let end = first + 1;
  for (; end < symbols.length; end++) {
    const [before, next] = [symbols[end - 1], symbols[end]];
    if (!before || !next || next.address - before.address > GAP) break;
  }
  return symbols.slice(first, end);
}

function isScalar({ kind, size }: TypeInfo): boolean {
  return /^(int|char|bool|enum|pointer|float)$/.test(kind) && [1, 2, 4, 8].includes(size);
}

function scalarText(type: TypeInfo, bytes: Uint8Array, at: number, pointerSize: 4 | 8): string {
  const raw = littleEndian(bytes, at, type.size);
  const isSigned = type.signed ?? (type.kind !== 'pointer' && type.kind !== 'bool');
  const integer = isSigned ? BigInt.asIntN(type.size * 8, raw) : raw;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, type.size);
  const number =
    type.kind !== 'float' ? 0 : type.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  const enumerator = type.enumerators?.find(({ value }) => value === integer)?.name;
  const value: TypedValue = {
    type,
    address: null,
    integer,
    float: floatText(number, type.size),
    ...(enumerator === undefined ? {} : { enumerator }),
  };
  return shortValue(value, pointerSize);
}
