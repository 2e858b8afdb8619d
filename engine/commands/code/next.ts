import type { Instruction } from '../../backend/types.ts';
import { stopRegisters } from '../registers/stop-registers.ts';
import type { DebuggerState } from '../state.ts';
import { instructionNote, valueNote } from '../stops/display.ts';

/** The one that the current thread comes to next, if it is among these: with its effective address and the value there. */
export async function nextInstruction(
  state: DebuggerState,
  instructions: readonly Instruction[],
): Promise<{ note(instruction: Instruction): string }> {
  const none = { note: () => '' };
  if (!state.isX64 || instructions.length === 0) return none;
  const registers = await stopRegisters(state);
  const ip = registers.get('rip');
  const next = instructions.find((instruction) => instruction.address === ip);
  const note = next ? instructionNote(next, registers) : '';
  if (!next || note === '') return none;
  const value = await valueNote(state, next, registers);
  return { note: (instruction) => (instruction === next ? ` ${note}${value}` : '') };
}
