import { effectiveAddress, memoryOperand } from '../../format/operands.ts';
import type { DebuggerState } from '../state.ts';
import { stopRegisters } from './stop-registers.ts';

/**
 * Where the instruction that comes next reaches into memory, as a stop shows it: that of its first operand in memory, or of its
 * second (`movs` has two). Null: it has no such operand, or the machine is none that is known.
 */
export async function effectiveAddressOf(state: DebuggerState, which: 0 | 1): Promise<bigint | null> {
  if (state.kind === 'none' || !state.isX64) return null;
  const registers = await stopRegisters(state);
  const [next] = await state.target.disassemble(registers.get('rip') ?? 0n, 1);
  if (!next) return null;
  const { text } = next;
  const cut = text.indexOf(']') + 1;
  const operand = memoryOperand(which === 0 ? text : cut > 0 ? text.slice(cut) : '');
  return operand && effectiveAddress(operand, registers);
}
