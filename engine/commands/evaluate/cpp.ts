import type { TypedValue, TypeInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { callIn, translateCpp } from '../../expressions/cpp.ts';
import { pseudoRegister } from '../pseudo.ts';
import { readRegister } from '../registers/read.ts';
import type { DebuggerState } from '../state.ts';

/** `masm`: the value of an expression of the other evaluator. */
export async function evaluateCpp(
  state: DebuggerState,
  text: string,
  depth: number,
  masm: (text: string) => Promise<bigint>,
): Promise<TypedValue> {
  const translated = await gdbExpression(state, text, masm);
  // Numbers alone need no debugger behind them.
  const number = /^\s*\(*\s*((?:0x[0-9a-f]+|0|[1-9]\d*))\s*\)*\s*$/i.exec(translated)?.[1];
  if (state.kind === 'none' && number !== undefined) return plainInteger(BigInt(number));
  return state.target.evaluate(translated, state.context, depth);
}

/** A C++ expression as the back end takes it: registers, names with a module, and what is of the other evaluator put in. `calls`: it may call functions. */
export async function gdbExpression(
  state: DebuggerState,
  text: string,
  masm: (text: string) => Promise<bigint>,
  calls = false,
): Promise<string> {
  if (!calls && callIn(text) >= 0)
    throw engineErrors.unsupported(
      'Calling a function in an expression',
      'it would run the target',
      'Expressions only look; assignments and operators are available.',
    );
  return translateCpp(text, {
    register: async (name) => {
      const value = name.startsWith('$')
        ? await pseudoRegister(state, name)
        : await readRegister(state, name);
      return value === null ? null : constant(value, temporaryType(state, name));
    },
    masm: async (inner) => constant(await masm(inner), null),
    symbol: async (module, name) => {
      const found = await state.target.symbolExpression(module, name, state.context);
      if (found !== null) return found;
      const address = await state.target.resolveSymbol(module, name, state.context);
      if (address !== null) throw engineErrors.noType(`${module}!${name}`);
      throw engineErrors.unresolved(text.slice(Math.max(0, text.indexOf(`${module}!${name}`))));
    },
    type: (module, name, stars) =>
      state.kind === 'none'
        ? Promise.resolve(null)
        : state.target.typePointer(module, name, stars, state.context),
  });
}

function plainInteger(integer: bigint): TypedValue {
  const name = integer > 0x7fff_ffffn ? 'long' : 'int';
  return {
    type: { kind: 'int', name, canonicalName: name, size: name === 'int' ? 4 : 8, signed: true },
    address: null,
    integer,
  };
}

function constant(value: bigint, type: string | null): string {
  return `((${type ?? 'unsigned long long'})0x${BigInt.asUintN(64, value).toString(16)})`;
}

function temporaryType(state: DebuggerState, name: string): string | null {
  const index = /^\$t(\d{1,2})$/.exec(name)?.[1];
  return index === undefined ? null : (state.temporaryTypes[Number(index)] ?? null);
}

/** What a value counts as where a number is wanted: arrays and functions as their address. */
export function integerOf(value: TypedValue): bigint {
  if (value.unavailable !== undefined) throw engineErrors.noValue(value.unavailable);
  const { kind } = value.type;
  if (value.integer !== undefined) return BigInt.asUintN(64, value.integer);
  if (kind === 'float' && value.float !== undefined && Number.isFinite(Number(value.float)))
    return BigInt.asUintN(64, BigInt(Math.trunc(Number(value.float))));
  if ((kind === 'array' || kind === 'function') && value.address !== null) return value.address;
  throw engineErrors.noValue(`${value.type.name} is no number`);
}

/** As C++ writes it in a cast, other languages' pointers too; an array counts as a pointer. Null: a plain number does. */
export function typeForCast({ kind, name, target }: TypeInfo): string | null {
  if (kind === 'array' && target) return `${target.name} *`;
  if (kind !== 'pointer') return /^(?:int|char|bool|enum)$/.test(kind) ? name : null;
  if (!target || name.endsWith('*') || target.kind === 'function') return name;
  const inner = target.kind === 'pointer' ? typeForCast(target) : target.name;
  return inner === null ? null : `${inner} *`;
}
