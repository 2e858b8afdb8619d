import type { CodeRange, Instruction, SourceLine, SymbolHit } from '../../backend/types.ts';
import { linked, type Marked } from '../../dml/marked.ts';
import { address, symbol } from '../../format/address.ts';
import { instructionLine, namedAddresses } from '../../format/instruction.ts';
import { instructionKind } from '../../format/instruction-kind.ts';
import type { CommandContext } from '../entry.ts';
import { labelLine } from '../stops/display.ts';
import { blockStarts, endsFlow } from './blocks.ts';
import { withTargets } from './listing.ts';
import { nextInstruction } from './next.ts';

/** Read at a time. */
const AT_ONCE = 1000;

/** A function's code with everything that its display needs. */
export interface FunctionCode {
  /** In order, range after range. */
  readonly instructions: readonly Instruction[];
  readonly names: ReadonlyMap<bigint, SymbolHit | null>;
  readonly lines: ReadonlyMap<bigint, SourceLine | null>;
}

/** Null: there is no function at the address. */
export async function functionCode(context: CommandContext, at: bigint): Promise<FunctionCode | null> {
  const { target, state } = context;
  const known = await target.functionRanges(at);
  const ranges = known.length > 0 ? known : await rangeByFlow(context, at);
  const instructions: Instruction[] = [];
  for (const range of ranges) instructions.push(...(await codeIn(context, range)));
  if (instructions.length === 0) return null;
  const own = instructions.map((instruction) => instruction.address);
  const named = [...new Set([...own, ...instructions.flatMap(namedAddresses)])];
  const hits = await target.symbolize(named);
  state.cancel.check();
  const lines = await target.lines(own);
  return {
    instructions,
    names: new Map(named.map((each, index) => [each, hits[index] ?? null])),
    lines: new Map(own.map((each, index) => [each, lines[index] ?? null])),
  };
}

/** A function of this many instructions has most likely been left. */
const LONGEST_BY_FLOW = 5000;

/** Without a symbol: from here to where no branch from before leads beyond. */
async function rangeByFlow({ target, state }: CommandContext, start: bigint): Promise<readonly CodeRange[]> {
  let furthest = start;
  let count = 0;
  for (let at = start; count < LONGEST_BY_FLOW; ) {
    state.cancel.check();
    const read = await target.disassemble(at, AT_ONCE);
    for (const instruction of read) {
      const end = instruction.address + BigInt(instruction.bytes.length);
      const isBranch = instructionKind(instruction.text) === 'branch';
      for (const to of isBranch ? namedAddresses(instruction) : [])
        if (to > furthest && to - start < FURTHEST_BRANCH) furthest = to;
      if (endsFlow(instruction) && end > furthest) return [{ start, end }];
      at = end;
    }
    count += read.length;
    if (read.length < AT_ONCE) return [];
  }
  return [];
}

const FURTHEST_BRANCH = 0x10000n;

async function codeIn({ target, state }: CommandContext, range: CodeRange): Promise<Instruction[]> {
  const found: Instruction[] = [];
  for (let at = range.start; at < range.end; ) {
    state.cancel.check();
    const read = (await target.disassemble(at, AT_ONCE)).filter((each) => each.address < range.end);
    const last = read.at(-1);
    if (!last) break;
    found.push(...read);
    at = last.address + BigInt(last.bytes.length);
  }
  return found;
}

/** `uf`: a blank line and a label before each block, the line's number before each instruction. */
export async function functionLines(
  context: CommandContext,
  code: FunctionCode,
): Promise<(string | Marked)[]> {
  const { state } = context;
  const begins = blockStarts(code.instructions);
  const hasLines = [...code.lines.values()].some((line) => line !== null);
  const next = await nextInstruction(state, code.instructions);
  const text: (string | Marked)[] = [];
  for (const instruction of code.instructions) {
    const at = instruction.address;
    const line = code.lines.get(at) ?? null;
    if (begins.has(at)) {
      const hit = code.names.get(at) ?? null;
      if (text.length > 0) text.push('');
      text.push(...labelLine(hit ? symbol(hit) : null, line));
    }
    const shown = instructionLine(instruction, (wanted) => nameOf(code, wanted), state.syntax);
    const number = hasLines ? `${String(line?.line ?? '').padStart(5)} ` : '';
    text.push(withTargets(instruction, `${number}${shown}${next.note(instruction)}`, state.pointerSize));
  }
  return text;
}

function nameOf({ names }: FunctionCode, wanted: bigint): string | null {
  const hit = names.get(wanted);
  return hit ? symbol(hit) : null;
}

/** `uf /c`: what the function calls, and where. */
export function callLines(context: CommandContext, code: FunctionCode): (string | Marked)[] {
  const { pointerSize } = context.state;
  const place = (at: bigint): string => {
    const line = code.lines.get(at);
    const name = nameOf(code, at);
    const where = name === null ? address(at, pointerSize) : `${name} (${address(at, pointerSize)})`;
    return line ? `${where} [${line.file} @ ${line.line}]` : where;
  };
  const linkedTo = (line: string, at: bigint, command: string): Marked =>
    linked(line, address(at, pointerSize), `${command} 0x${at.toString(16)}`);
  const first = code.instructions[0];
  const text: (string | Marked)[] = [first ? place(first.address) : ''];
  for (const instruction of code.instructions) {
    if (instructionKind(instruction.text) !== 'call') continue;
    const [to] = namedAddresses(instruction);
    const direct = to !== undefined && !/\[/.test(instruction.text);
    text.push(linkedTo(`  ${place(instruction.address)}:`, instruction.address, 'u'));
    if (direct)
      text.push(
        linkedTo(`    call to ${nameOf(code, to) ?? '<unknown>'} (${address(to, pointerSize)})`, to, 'uf /c'),
      );
    else
      text.push(
        `    unresolvable call: call ${instruction.text.replace(/^\S+\s+/, '').replace(/\s*#.*$/, '')}`,
      );
  }
  return text;
}
