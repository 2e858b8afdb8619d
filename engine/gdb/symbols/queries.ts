import type { SymbolInfo, TypedValue, TypeInfo, Variable } from '../../backend/types.ts';
import type { Engine } from '../parts.ts';
import type { Module, Modules } from './modules.ts';
import type { TableSymbol } from './table.ts';
import { type FieldRow, TypeReader, type TypeRow, type ValueRow, type VariableRow } from './values.ts';
import { wildcard } from './wildcard.ts';

/** Names of types are listed as far as this before the pattern is applied. */
/** Debug information is looked up for so many of the symbols found; it takes GDB 0.1 ms for each. */
const MAX_TYPED = 2000;
const MAX_TYPES = 200_000;

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
    return {
      module: one.module.info.name,
      name: one.symbol.name,
      address: one.symbol.address,
      kind: row?.k ?? one.symbol.kind,
      size: BigInt(row?.z ?? 0),
      type: row ? types.type(row.t) : null,
    };
  });
}

export async function findType(
  engine: Engine,
  modules: Modules,
  moduleName: string | null,
  name: string,
): Promise<TypeInfo | null> {
  const files =
    moduleName === null ? [] : (await modules.named(moduleName)).map((module) => module.info.path);
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

export async function findTypes(engine: Engine, pattern: string, limit: number): Promise<readonly string[]> {
  const names = await engine.helper.call<string[]>('find_types', { limit: MAX_TYPES });
  const named = wildcard(pattern);
  return names.filter((name) => named.test(name) || named.test(name.replace(/^\w+ /, ''))).slice(0, limit);
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

export async function describeValue(
  engine: Engine,
  modules: Modules,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TypedValue> {
  const answer = await engine.helper.call<{ value: ValueRow; types: TypeRow[] }>(method, parameters);
  return withSymbols(modules, new TypeReader(answer.types).value(answer.value));
}

/** Pointers into modules are given the symbol they point to. */
async function withSymbols(modules: Modules, value: TypedValue): Promise<TypedValue> {
  if (value.type.kind === 'pointer' && value.integer) {
    const symbol = await modules.symbolize(value.integer);
    return symbol ? { ...value, symbol } : value;
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
