import { engineErrors } from '../../errors.ts';
import type { Breath } from '../flow/breath.ts';
import type { ModelExpression } from './parse.ts';
import {
  collection,
  type Entry,
  hex,
  isObject,
  isTrue,
  isVariable,
  type ModelValue,
  numberOf,
  objectOf,
  plainText,
} from './value.ts';

/** What names mean, and when to let others have their turn. */
export interface ModelScope {
  readonly breath: Breath;
  readonly names: ReadonlyMap<string, ModelValue>;
}

type Lambda = (value: ModelValue) => Promise<ModelValue>;

export async function evaluateModel(expression: ModelExpression, scope: ModelScope): Promise<ModelValue> {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'name':
      return scope.names.get(expression.name) ?? unbound(expression.name);
    case 'member':
      return member(await evaluateModel(expression.of, scope), expression.name);
    case 'index':
      return element(await evaluateModel(expression.of, scope), await evaluateModel(expression.index, scope));
    case 'call':
      return call(await evaluateModel(expression.of, scope), expression, scope);
    case 'new': {
      const members: Entry[] = [];
      for (const [name, value] of expression.members) members.push([name, await evaluateModel(value, scope)]);
      return objectOf(members);
    }
    case 'not':
      return !isTrue(await evaluateModel(expression.of, scope));
    case 'minus':
      return -integer(await evaluateModel(expression.of, scope));
    case 'binary':
      return binary(expression, scope);
    case 'lambda':
      throw engineErrors.modelError('A lambda is an argument of a method', expression.name);
  }
}

function unbound(name: string): never {
  throw engineErrors.modelError(`Unable to bind name '${name}'`, name);
}

function integer(value: ModelValue): bigint {
  const number = numberOf(value);
  if (number === null) throw engineErrors.modelError(`'${plainText(value)}' is no number`, plainText(value));
  return number;
}

export async function member(of: ModelValue, name: string): Promise<ModelValue> {
  if (typeof of === 'string' && name === 'Length') return BigInt(of.length);
  if (isVariable(of)) {
    const child = of.node.children?.find((each) => each.name === name);
    return child ? { node: child } : unbound(name);
  }
  const members = isObject(of) ? await of.members() : [];
  return members.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? unbound(name);
}

export async function elementsOf(value: ModelValue): Promise<readonly Entry[]> {
  if (isVariable(value))
    return (value.node.children ?? []).map((node) => [node.name.replace(/^\[|\]$/g, ''), { node }]);
  const elements = isObject(value) ? value.elements : undefined;
  if (!elements) throw engineErrors.modelError('The object cannot be enumerated', plainText(value));
  return elements();
}

async function element(of: ModelValue, index: ModelValue): Promise<ModelValue> {
  const key = typeof index === 'bigint' ? hex(index) : plainText(index);
  const found = (await elementsOf(of)).find(([name]) => name === key || name === `"${key}"`)?.[1];
  if (found === undefined) throw engineErrors.modelError(`There is no element [${key}]`, key);
  return found;
}

async function binary(
  { operator, left, right }: ModelExpression & { kind: 'binary' },
  scope: ModelScope,
): Promise<ModelValue> {
  const a = await evaluateModel(left, scope);
  if (operator === '&&') return isTrue(a) && isTrue(await evaluateModel(right, scope));
  if (operator === '||') return isTrue(a) || isTrue(await evaluateModel(right, scope));
  const b = await evaluateModel(right, scope);
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string'))
    return plainText(a) + plainText(b);
  const order = compare(a, b);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    default:
      return arithmetic(operator, integer(a), integer(b));
  }
}

function arithmetic(operator: string, a: bigint, b: bigint): bigint {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0n) throw engineErrors.modelError('Division by zero', operator);
  return operator === '/' ? a / b : a % b;
}

function compare(a: ModelValue, b: ModelValue): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  const [left, right] = x !== null && y !== null ? [x, y] : [plainText(a), plainText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

async function call(
  of: ModelValue,
  { name, args }: ModelExpression & { kind: 'call' },
  scope: ModelScope,
): Promise<ModelValue> {
  if (name === 'ToDisplayString') return plainText(of);
  const [first] = args;
  const ofText = typeof of === 'string' ? STRING_METHODS.get(name) : undefined;
  if (ofText && typeof of === 'string')
    return ofText(of, first ? plainText(await evaluateModel(first, scope)) : '');
  const method = METHODS[name];
  if (!method) return unbound(name);
  const lambda: Lambda | null =
    first?.kind === 'lambda'
      ? async (value) => {
          await scope.breath.take();
          return evaluateModel(first.body, {
            ...scope,
            names: new Map([...scope.names, [first.name, value]]),
          });
        }
      : null;
  const argument = first && !lambda ? await evaluateModel(first, scope) : null;
  return method(await elementsOf(of), lambda, argument);
}

type StringMethod = (text: string, argument: string) => ModelValue;

const STRING_METHODS: ReadonlyMap<string, StringMethod> = new Map<string, StringMethod>([
  ['Contains', (text, part) => text.includes(part)],
  ['StartsWith', (text, part) => text.startsWith(part)],
  ['EndsWith', (text, part) => text.endsWith(part)],
  ['IndexOf', (text, part) => BigInt(text.indexOf(part))],
  ['ToLower', (text) => text.toLowerCase()],
  ['ToUpper', (text) => text.toUpperCase()],
]);

type Method = (
  all: readonly Entry[],
  lambda: Lambda | null,
  argument: ModelValue | null,
) => Promise<ModelValue>;

const listed = (entries: readonly Entry[]): ModelValue => collection(async () => entries);

async function chosen(all: readonly Entry[], lambda: Lambda | null): Promise<readonly Entry[]> {
  if (!lambda) return all;
  const found: Entry[] = [];
  for (const entry of all) if (isTrue(await lambda(entry[1]))) found.push(entry);
  return found;
}

async function keys(all: readonly Entry[], lambda: Lambda | null): Promise<ModelValue[]> {
  const found: ModelValue[] = [];
  for (const [, value] of all) found.push(lambda ? await lambda(value) : value);
  return found;
}

function only(entry: Entry | undefined): ModelValue {
  if (!entry) throw engineErrors.modelError('The collection is empty', '');
  return entry[1];
}

async function sorted(all: readonly Entry[], lambda: Lambda | null, sign: 1 | -1): Promise<ModelValue> {
  const by = await keys(all, lambda);
  const order = all.map((_, at) => at).sort((a, b) => sign * compare(by[a] ?? 0n, by[b] ?? 0n));
  return listed(order.flatMap((at) => all.slice(at, at + 1)));
}

/** LINQ's. */
const METHODS: Readonly<Record<string, Method | undefined>> = {
  Count: async (all, lambda) => BigInt((await chosen(all, lambda)).length),
  First: async (all, lambda) => only((await chosen(all, lambda))[0]),
  Last: async (all, lambda) => only((await chosen(all, lambda)).at(-1)),
  Any: async (all, lambda) => (await chosen(all, lambda)).length > 0,
  All: async (all, lambda) => (await chosen(all, lambda)).length === all.length,
  Where: async (all, lambda) => listed(await chosen(all, lambda)),
  Select: async (all, lambda) => {
    const values = await keys(all, lambda);
    return listed(all.map(([name], at) => [name, values[at] ?? 0n]));
  },
  OrderBy: (all, lambda) => sorted(all, lambda, 1),
  OrderByDescending: (all, lambda) => sorted(all, lambda, -1),
  Skip: async (all, _, count) => listed(all.slice(Number(integer(count ?? 0n)))),
  Take: async (all, _, count) => listed(all.slice(0, Number(integer(count ?? 0n)))),
  Contains: async (all, _, wanted) =>
    all.some(([, value]) => wanted !== null && compare(value, wanted) === 0),
  Sum: async (all, lambda) =>
    (await keys(all, lambda)).reduce<bigint>((sum, each) => sum + integer(each), 0n),
  Min: async (all, lambda) => (await keys(all, lambda)).reduce((a, b) => (compare(a, b) <= 0 ? a : b)),
  Max: async (all, lambda) => (await keys(all, lambda)).reduce((a, b) => (compare(a, b) >= 0 ? a : b)),
  Distinct: async (all, lambda) => {
    const by = await keys(all, lambda);
    return listed(all.filter((_, at) => by.findIndex((each) => compare(each, by[at] ?? 0n) === 0) === at));
  },
  Flatten: async (all, lambda) => {
    const flat: ModelValue[] = [];
    for (const each of await keys(all, lambda))
      flat.push(...(await elementsOf(each)).map(([, value]) => value));
    return listed(flat.map((value, at) => [hex(at), value]));
  },
};
