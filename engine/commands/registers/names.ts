import { x64RegisterNames } from '../../expressions/registers.ts';
import type { DebuggerState } from '../state.ts';

/** What registers are called in expressions and by `r`, in lower case. */
export async function registerNames(state: DebuggerState): Promise<readonly string[]> {
  const names = (await state.target.registerNames()).map((name) => name.toLowerCase());
  return [...new Set([...(state.isX64 ? x64RegisterNames : []), ...names])];
}
