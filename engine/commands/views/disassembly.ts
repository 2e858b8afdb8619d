import type { Instruction } from '../../backend/types.ts';
import { address, symbol } from '../../format/address.ts';
import { instructionParts, namedAddresses } from '../../format/instruction.ts';
import type { DisassemblyLine, DisassemblyView, QueryOf, SourcePlace } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';
import type { Evaluate } from './evaluate.ts';
import { placeOf, travelling } from './text.ts';

export async function disassemblyView(
  state: DebuggerState,
  { at, before, after, source }: QueryOf<'disassembly'>,
  evaluate: Evaluate,
): Promise<DisassemblyView> {
  const [frame] = (await state.target.frames(state.thread, state.frame + 1)).slice(state.frame);
  const ip = frame?.address ?? null;
  const middle = at.trim() === '' ? (ip ?? 0n) : await evaluate(state, at);
  const above = before > 0 ? await state.target.disassembleBefore(middle, before) : [];
  const below = await state.target.disassemble(middle, after);
  const lines = await describe(state, [...above, ...below]);
  return {
    address: travelling(middle),
    ip: ip === null ? null : travelling(ip),
    lines,
    ...(source === true && { texts: await textsOf(state, lines) }),
  };
}

/** Of a file so many lines are sent at most beside its instructions. */
const MOST_TEXTS = 500;

/** The source lines of instructions, each file read once. */
async function textsOf(
  state: DebuggerState,
  lines: readonly DisassemblyLine[],
): Promise<NonNullable<DisassemblyView['texts']>> {
  const wanted = new Map<string, Set<number>>();
  for (const { source } of lines) {
    if (!source || source.line < 1) continue;
    const of = wanted.get(source.file) ?? new Set();
    wanted.set(source.file, of.add(source.line));
  }
  const texts: (SourcePlace & { text: string })[] = [];
  for (const [file, numbers] of wanted) {
    const first = Math.min(...numbers);
    const count = Math.min(MOST_TEXTS, Math.max(...numbers) - first + 1);
    const read = await state.target.sourceLines(file, first, count);
    for (const line of numbers) {
      const text = read?.[line - first];
      if (text !== undefined) texts.push({ file, line, text });
    }
  }
  return texts;
}

async function describe(
  state: DebuggerState,
  instructions: readonly Instruction[],
): Promise<DisassemblyLine[]> {
  const own = instructions.map((instruction) => instruction.address);
  const named = instructions.flatMap(namedAddresses);
  const hits = await state.target.symbolize([...own, ...named]);
  const names = new Map([...own, ...named].map((each, index) => [each, hits[index] ?? null]));
  const sources = await state.target.lines(own);
  const name = (wanted: bigint): string | null => {
    const hit = names.get(wanted);
    return hit ? symbol(hit) : null;
  };
  return instructions.map((instruction, index) => {
    const { bytes, text } = instructionParts(instruction, name, state.syntax);
    const [target] = namedAddresses(instruction);
    return {
      address: travelling(instruction.address),
      bytes,
      text,
      symbol: name(instruction.address) ?? address(instruction.address, state.pointerSize),
      source: placeOf(sources[index]),
      target: target === undefined ? null : travelling(target),
    };
  });
}
