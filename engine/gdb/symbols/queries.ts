import type {
  PlacedVariable,
  SymbolInfo,
  TypedValue,
  TypeInfo,
  TypeName,
  Variable,
} from '../../backend/types.ts';
import type { Engine } from '../parts.ts';
import type { Module, Modules } from './modules.ts';
import type { TableSymbol } from './table.ts';
import { type FieldRow, TypeReader, type TypeRow, type ValueRow, type VariableRow } from './values.ts';
import { roughExpression, wildcard } from './wildcard.ts';

/** Names of types are listed as far as this before the pattern is applied. */
/** Debug information is looked up for so many of the symbols found; it takes GDB 0.1 ms for each. */
const MAX_TYPED = 2000;
const MAX_TYPES = 200_000;
/** What is looked up in one go: a break-in waits for it. */
const TYPES_AT_ONCE = 500;

interface SymbolRow {
  readonly k: 'function' | 'data';
  readonly z: number;
  readonly t: number;
}

export async function findSymbols(
  engine: Engine,
  modules: Modules,
  modulePattern: string,
  namePattern: string,
  limit: number,
): Promise<readonly SymbolInfo[]> {
  const inModule = wildcard(modulePattern);
  const named = wildcard(namePattern);
  const found: { module: Module; symbol: TableSymbol }[] = [];
  for (const module of await modules.list()) {
    if (!inModule.test(module.info.name)) continue;
    for (const symbol of (await modules.table(module)).symbols) {
      if (found.length >= limit) break;
      if (named.test(symbol.name)) found.push({ module, symbol });
    }
  }
  return describe(engine, found);
}

/** Described together: one round trip of some milliseconds. */
const SYMBOLS_AT_ONCE = 500;

/** As {@link findSymbols}, in pieces. */
export async function* streamSymbols(
  engine: Engine,
  modules: Modules,
  modulePattern: string,
  namePattern: string,
  bare: boolean,
): AsyncGenerator<readonly SymbolInfo[]> {
  const described = (found: readonly { module: Module; symbol: TableSymbol }[]) =>
    bare ? Promise.resolve(found.map((one) => infoOf(one, null, null))) : describe(engine, found);
  const inModule = wildcard(modulePattern);
  const named = wildcard(namePattern);
  for (const module of await modules.list()) {
    if (!inModule.test(module.info.name)) continue;
    let found: { module: Module; symbol: TableSymbol }[] = [];
    for (const symbol of (await modules.table(module)).symbols) {
      if (symbol.name.endsWith('@got.plt') || !named.test(symbol.name)) continue;
      found.push({ module, symbol });
      if (found.length < SYMBOLS_AT_ONCE) continue;
      yield await described(found);
      found = [];
    }
    if (found.length > 0) yield await described(found);
  }
}

async function describe(
  engine: Engine,
  found: readonly { module: Module; symbol: TableSymbol }[],
): Promise<readonly SymbolInfo[]> {
  const typed = found.filter(({ module }) => module.info.symbols === 'dwarf').slice(0, MAX_TYPED);
  const addresses = typed.map(({ symbol }) => [symbol.name, symbol.address.toString(16)]);
  const answer =
    typed.length === 0
      ? { symbols: [], types: [] }
      : await engine.helper.call<{ symbols: (SymbolRow | null)[]; types: TypeRow[] }>('describe_symbols', {
          addresses,
        });
  const types = new TypeReader(answer.types);
  const rows = new Map(typed.map((one, at) => [one, answer.symbols[at] ?? null]));
  return found.map((one) => {
    const row = rows.get(one) ?? null;
    return infoOf(one, row, row ? types.type(row.t) : null);
  });
}

function infoOf(
  { module, symbol }: { module: Module; symbol: TableSymbol },
  row: SymbolRow | null,
  type: TypeInfo | null,
): SymbolInfo {
  const { name, address, kind } = symbol;
  return { module: module.info.name, name, address, kind: row?.k ?? kind, size: BigInt(row?.z ?? 0), type };
}

/** Files of the modules of a name; none for null, null where there is no such module. */
export async function filesOf(
  modules: Modules,
  moduleName: string | null,
): Promise<readonly string[] | null> {
  if (moduleName === null) return [];
  const files = (await modules.named(moduleName)).flatMap((module) => module.files);
  return files.length === 0 ? null : files;
}

/** See Backend.symbolExpression; enumerators have no module in GDB. */
export async function symbolExpression(
  engine: Engine,
  modules: Modules,
  moduleName: string,
  name: string,
  context: { thread: number; frame: number },
): Promise<string | null> {
  const [files, address] = [await filesOf(modules, moduleName), await modules.addressOf(moduleName, name)];
  if (files === null) return null;
  if (address === null) {
    const isEnumerator = await engine.helper.call<boolean>('is_enumerator', { name });
    return isEnumerator ? name : null;
  }
  return engine.helper.call<string | null>('qualified_symbol', {
    name,
    address: address.toString(16),
    files,
    ...context,
  });
}

export async function findType(
  engine: Engine,
  modules: Modules,
  moduleName: string | null,
  name: string,
): Promise<TypeInfo | null> {
  const files = await filesOf(modules, moduleName);
  if (files === null) return null;
  const answer = await engine.helper.call<{
    type: number;
    types: TypeRow[];
    fields: FieldRow[] | null;
    enumerators?: [string, string][];
  } | null>('find_type', { name, files });
  if (!answer) return null;
  const types = new TypeReader(answer.types);
  return {
    ...types.type(answer.type),
    ...(answer.fields ? { fields: answer.fields.map((row) => types.field(row)) } : {}),
    ...(answer.enumerators
      ? { enumerators: answer.enumerators.map(([one, value]) => ({ name: one, value: BigInt(value) })) }
      : {}),
  };
}

export async function* findTypes(
  engine: Engine,
  modules: Modules,
  modulePattern: string,
  pattern: string,
): AsyncGenerator<readonly TypeName[]> {
  const inModule = wildcard(modulePattern);
  const asked = (await modules.list()).filter(
    ({ info }) => info.symbols === 'dwarf' && inModule.test(info.name),
  );
  if (asked.length === 0) return;
  const all = await engine.helper.call<string[]>('find_types', {
    limit: MAX_TYPES,
    expression: roughExpression(pattern),
  });
  const named = wildcard(pattern);
  const bare = new Set(all.map((name) => name.replace(/^(struct|union|class|enum) /, '')));
  const names = [...bare].filter((name) => named.test(name));
  const files = asked.map(({ info }) => info.path);
  const moduleOf = new Map(asked.map(({ info }) => [info.path, info.name]));
  for (let first = 0; first < names.length; first += TYPES_AT_ONCE) {
    const some = names.slice(first, first + TYPES_AT_ONCE);
    const found = await engine.helper.call<([string, number] | null)[]>('type_files', { names: some, files });
    yield some.flatMap((name, index) => {
      const [file = '', size = 0] = found[index] ?? [];
      const module = moduleOf.get(file);
      return module === undefined ? [] : [{ module, name, size }];
    });
  }
}

export async function readVariables(
  engine: Engine,
  modules: Modules,
  context: { thread: number; frame: number },
): Promise<readonly Variable[]> {
  const answer = await engine.helper.call<{ variables: VariableRow[]; types: TypeRow[] }>('locals', context);
  const types = new TypeReader(answer.types);
  const variables: Variable[] = [];
  for (const row of answer.variables) {
    const variable = types.variable(row);
    variables.push({ ...variable, value: await withSymbols(modules, variable.value) });
  }
  return variables;
}

interface PlacedRow {
  readonly n: string;
  readonly p: number;
  readonly t: number;
  readonly w: string;
}

export async function readVariablesAt(
  engine: Engine,
  address: bigint,
): Promise<readonly PlacedVariable[] | null> {
  const answer = await engine.helper.call<{ variables: PlacedRow[]; types: TypeRow[] } | null>(
    'variables_at',
    {
      address: address.toString(16),
    },
  );
  if (!answer) return null;
  const types = new TypeReader(answer.types);
  return answer.variables.map(({ n, p, t, w }) => ({
    name: n,
    isParameter: p === 1,
    place: w,
    value: { type: types.type(t), address: null },
  }));
}

export async function describeValue(
  engine: Engine,
  modules: Modules,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TypedValue> {
  const answer = await engine.helper.call<{ value: ValueRow; types: TypeRow[] }>(method, parameters);
  return withSymbols(modules, new TypeReader(answer.types).value(answer.value));
}

/** As {@link describeValue}; null: there is none. */
export async function describeResult(
  engine: Engine,
  modules: Modules,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TypedValue | null> {
  const answer = await engine.helper.call<{ value: ValueRow; types: TypeRow[] } | null>(method, parameters);
  return answer && withSymbols(modules, new TypeReader(answer.types).value(answer.value));
}

/** Pointers into modules are given the symbol they point to. */
export async function withSymbols(modules: Modules, value: TypedValue): Promise<TypedValue> {
  if (value.type.kind === 'pointer' && value.integer) {
    const symbol = await modules.symbolize(value.integer);
    const pointee = value.pointee && (await withSymbols(modules, value.pointee));
    return { ...value, ...(symbol && { symbol }), ...(pointee && { pointee }) };
  }
  if (value.members) {
    const members = [];
    for (const { field, value: inner } of value.members)
      members.push({ field, value: await withSymbols(modules, inner) });
    return { ...value, members };
  }
  if (value.elements) {
    const elements = [];
    for (const inner of value.elements) elements.push(await withSymbols(modules, inner));
    return { ...value, elements };
  }
  return value;
}
