import { arm64Register, type RegisterPart, x64Register } from '../../expressions/registers.ts';
import type { DebuggerState } from '../state.ts';

/** What a register's name (in lower case) means on the target's machine; null: what the back end calls so, if anything. */
export function registerPart(state: DebuggerState, name: string): RegisterPart | null {
  if (state.isX64) return x64Register(name);
  return state.isArm64 ? arm64Register(name) : null;
}

/** The back end's name for one: system registers are in capitals there. Null: it has none. */
export async function registerName(state: DebuggerState, name: string): Promise<string | null> {
  const part = registerPart(state, name);
  if (part) return part.full;
  const names = await state.target.registerNames();
  return names.find((each) => each === name) ?? names.find((each) => each.toLowerCase() === name) ?? null;
}
