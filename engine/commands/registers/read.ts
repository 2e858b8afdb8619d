import { readPart } from '../../expressions/registers.ts';
import type { DebuggerState } from '../state.ts';
import { registerName, registerPart } from './parts.ts';

/** In lower case; parts of registers and flags too on x86-64. Null: no such register. */
export async function readRegister(state: DebuggerState, name: string): Promise<bigint | null> {
  if (state.kind === 'none') return null;
  const context = state.registerContext;
  const part = registerPart(state, name);
  const full = await registerName(state, name);
  if (full === null) return null;
  const value = (await state.target.registers(context, [full])).get(full);
  if (value === undefined) return null;
  return part ? readPart(part, value) : value;
}
