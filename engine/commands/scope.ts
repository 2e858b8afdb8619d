import { engineErrors } from '../errors.ts';
import { isCommonX64Register, readPart, x64Register } from '../expressions/registers.ts';
import type { Scope } from '../expressions/scope.ts';
import { elfEntryPoint, readNumber } from './memory/read.ts';
import { pseudoRegister } from './pseudo.ts';
import type { DebuggerState } from './state.ts';

/** Names as they are in the current thread and frame. */
export function createScope(state: DebuggerState): Scope {
  return {
    pointerSize: state.pointerSize,
    isCommonRegister: (name) => state.kind !== 'none' && state.isX64 && isCommonX64Register(name),
    register: (name) => readRegister(state, name),
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
    cpp: async (text) => {
      const value = await state.target.evaluate(text, state.context, 1);
      const number = value.integer ?? value.address;
      if (number === undefined || number === null) throw engineErrors.operand();
      return number;
    },
  };
}

/** In lower case; parts of registers and flags too on x86-64. Null: no such register. */
export async function readRegister(state: DebuggerState, name: string): Promise<bigint | null> {
  if (state.kind === 'none') return null;
  const context = { thread: state.thread, frame: 0 };
  const part = state.isX64 ? x64Register(name) : null;
  const full = part?.full ?? name;
  if (!part && !(await state.target.registerNames()).includes(name)) return null;
  const value = (await state.target.registers(context, [full])).get(full);
  if (value === undefined) return null;
  return part ? readPart(part, value) : value;
}

async function symbolAddress(
  state: DebuggerState,
  module: string | null,
  name: string,
): Promise<bigint | null> {
  if (state.kind === 'none') return null;
  const address = await state.target.resolveSymbol(module, name, state.context);
  if (address !== null || module !== null) return address;
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
