import { X64_BLOCK } from '../../format/registers.ts';
import type { DebuggerState } from '../state.ts';

/** Read together, so that a stop costs one round trip for all of them. */
export const STOP_REGISTERS: readonly string[] = [...X64_BLOCK, 'fs_base', 'gs_base'];

export function stopRegisters(state: DebuggerState): Promise<ReadonlyMap<string, bigint>> {
  return state.target.registers(state.registerContext, STOP_REGISTERS);
}
