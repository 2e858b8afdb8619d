import { ARM64_BLOCK, arm64Block, plainBlock, X64_BLOCK, x64Block } from '../../format/registers.ts';
import type { DebuggerState } from '../state.ts';

const SHOWN_OF_OTHERS = 40;

/** The registers as they are in the current frame, where the code in between has saved them. */
export async function frameRegisters(state: DebuggerState): Promise<string> {
  if (state.isX64) return x64Block(await state.target.registers(state.context, X64_BLOCK));
  if (state.isArm64) return arm64Block(await state.target.registers(state.context, ARM64_BLOCK));
  const names = (await state.target.registerNames()).slice(0, SHOWN_OF_OTHERS);
  return plainBlock(await state.target.registers(state.context, names), state.pointerSize * 2);
}
