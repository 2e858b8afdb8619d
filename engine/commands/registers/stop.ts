import { ARM64_BLOCK, arm64Block, plainBlock, x64Block } from '../../format/registers.ts';
import type { DebuggerState } from '../state.ts';
import { stopRegisters } from './stop-registers.ts';

/** Shown of machines without a block of their own. */
const SHOWN_OF_OTHERS = 40;

export async function registerBlock(state: DebuggerState): Promise<string> {
  if (state.isX64) return x64Block(await stopRegisters(state));
  const place = state.registerContext;
  if (state.isArm64) return arm64Block(await state.target.registers(place, ARM64_BLOCK));
  const names = (await state.target.registerNames()).slice(0, SHOWN_OF_OTHERS);
  const values = await state.target.registers(place, names);
  return plainBlock(values, state.pointerSize * 2);
}
