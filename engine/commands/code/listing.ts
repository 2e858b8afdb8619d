import type { Instruction, SourceLine, SymbolHit } from '../../backend/types.ts';
import { linked, type Marked } from '../../dml/marked.ts';
import { address, symbol } from '../../format/address.ts';
import { instructionLine, namedAddresses } from '../../format/instruction.ts';
import type { DebuggerState } from '../state.ts';
import { labelLine } from '../stops/display.ts';
import { nextInstruction } from './next.ts';

/** Instructions with a label line wherever the function or the source line changes. */
export async function listing(
  state: DebuggerState,
  instructions: readonly Instruction[],
): Promise<(string | Marked)[]> {
  const own = instructions.map((instruction) => instruction.address);
  const named = instructions.flatMap(namedAddresses);
  const hits = await state.target.symbolize([...own, ...named]);
  const names = new Map([...own, ...named].map((address, index) => [address, hits[index] ?? null]));
  const lines = await state.target.lines(own);
  const next = await nextInstruction(state, instructions);
  const text: (string | Marked)[] = [];
  let before: string | null = null;
  for (const [index, instruction] of instructions.entries()) {
    const place = placeKey(names.get(instruction.address) ?? null, lines[index] ?? null);
    if (place !== before) text.push(...label(names.get(instruction.address) ?? null, lines[index] ?? null));
    before = place;
    const shown = instructionLine(instruction, (address) => nameOf(names, address), state.syntax);
    text.push(withTargets(instruction, `${shown}${next.note(instruction)}`, state.pointerSize));
  }
  return text;
}

/** Addresses that it leads or points to show their code. */
export function withTargets(instruction: Instruction, line: string, pointerSize: 4 | 8): string | Marked {
  const [to] = namedAddresses(instruction);
  if (to === undefined) return line;
  const where = address(to, pointerSize);
  return linked(line, where, `u 0x${to.toString(16)}`, where.length);
}

function nameOf(names: ReadonlyMap<bigint, SymbolHit | null>, address: bigint): string | null {
  const hit = names.get(address);
  return hit ? symbol(hit) : null;
}

function placeKey(hit: SymbolHit | null, line: SourceLine | null): string {
  return `${hit ? `${hit.module}!${hit.name}` : ''} ${line ? `${line.file}:${line.line}` : ''}`;
}

function label(hit: SymbolHit | null, line: SourceLine | null): string[] {
  return labelLine(hit ? symbol(hit) : null, line);
}
