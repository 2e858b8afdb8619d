import type { TypedValue } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { signExtended } from '../expressions/arithmetic.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { parseMasm } from '../expressions/parser.ts';
import { isCommonX64Register } from '../expressions/registers.ts';
import type { Scope } from '../expressions/scope.ts';
import { evaluateCpp, integerOf } from './evaluate/cpp.ts';
import { readPhysicalNumber } from './kernel/physical.ts';
import { elfEntryPoint, readNumber } from './memory/read.ts';
import { pseudoRegister } from './pseudo.ts';
import { registerPart } from './registers/parts.ts';
import { readRegister } from './registers/read.ts';
import type { DebuggerState } from './state.ts';

/** Names as they are in the current thread and frame. */
export function createScope(state: DebuggerState): Scope {
  return {
    pointerSize: state.pointerSize,
    isCommonRegister: (name) => state.kind !== 'none' && state.isX64 && isCommonX64Register(name),
    register: async (name) => {
      const value = await readRegister(state, name);
      // 32-bit registers have their sign extended.
      const wide = value !== null && registerPart(state, name)?.bits === 32;
      return wide ? signExtended(value) : value;
    },
    pseudo: (name) => pseudoRegister(state, name),
    symbol: (module, name) => symbolAddress(state, module, name),
    sourceLine: (module, file, line) => lineAddress(state, module, file, line),
    read: (address, size) => readNumber(state.target, address, size),
    readable: async (address, length) => {
      const block = await state.target.readMemory(
        address,
        Number(length > 0x100_0000n ? 0x100_0000n : length),
      );
      return block.readable === null;
    },
    entryPoint: async (address) => {
      const module = (await state.modules()).find((each) => each.start <= address && address < each.end);
      return module ? elfEntryPoint(state.target, module.start) : null;
    },
    readPhysical: (address, size) => readPhysicalNumber(state, address, size),
    cpp: async (text) => integerOf(await typedValue(state, text, 1)),
  };
}

/** Of a MASM expression; a kernel's constants have their sign extended. */
export function masmValue(
  state: DebuggerState,
  text: string,
  start = 0,
  scope: Partial<Scope> = {},
): Promise<bigint> {
  const { node, end } = parseMasm(text, start, state.radix, state.isKernel);
  const rest = text.slice(end).trim();
  if (rest !== '') throw engineErrors.syntax(rest, end);
  return evaluate(node, { ...createScope(state), ...scope }, text);
}

/** As {@link masmValue}, without what may assign: C++ expressions in it. */
export function lookedUpValue(state: DebuggerState, text: string): Promise<bigint> {
  return masmValue(state, text, 0, { cpp: () => Promise.reject(engineErrors.viewerOnly()) });
}

/** Of a C++ expression, its members as deep as `depth`. */
export function typedValue(state: DebuggerState, text: string, depth: number): Promise<TypedValue> {
  return evaluateCpp(state, text, depth, (inner) => masmValue(state, inner));
}

async function symbolAddress(
  state: DebuggerState,
  module: string | null,
  name: string,
): Promise<bigint | null> {
  if (state.kind === 'none') return null;
  const address = await state.target.resolveSymbol(module, name, state.context);
  if (address !== null) return address;
  // `Outer__inner` is another way to write `Outer::inner`.
  const scoped = /[A-Za-z0-9]__[A-Za-z~]/.test(name)
    ? await state.target.resolveSymbol(module, name.replaceAll('__', '::'), state.context)
    : null;
  if (scoped !== null || module !== null) return scoped;
  const lower = name.toLowerCase();
  return (await state.modules()).find((each) => each.name.toLowerCase() === lower)?.start ?? null;
}

async function lineAddress(
  state: DebuggerState,
  module: string | null,
  file: string | null,
  line: number | null,
): Promise<bigint | null> {
  const source = file ?? (await currentFile(state));
  if (source === null) return null;
  const addresses = await state.target.addressesOfLine(source, line ?? 1);
  if (module === null) return addresses[0] ?? null;
  const lower = module.toLowerCase();
  const within = (await state.modules()).find((each) => each.name.toLowerCase() === lower);
  return addresses.find((each) => within && within.start <= each && each < within.end) ?? null;
}

async function currentFile(state: DebuggerState): Promise<string | null> {
  const [frame] = (await state.target.frames(state.thread, state.frame + 1)).slice(state.frame);
  return frame?.source?.file ?? null;
}
