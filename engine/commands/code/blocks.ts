import type { Instruction } from '../../backend/types.ts';
import { namedAddresses } from '../../format/instruction.ts';
import { instructionKind } from '../../format/instruction-kind.ts';

/** Instructions that run one after the other, and the blocks that lead here and that this one leads to, by their addresses. */
export interface Block {
  readonly instructions: readonly Instruction[];
  readonly from: readonly bigint[];
  readonly to: readonly bigint[];
}

/** Where blocks of instructions begin. */
export function blockStarts(instructions: readonly Instruction[]): ReadonlySet<bigint> {
  const own = new Set(instructions.map((instruction) => instruction.address));
  const begins = new Set<bigint>();
  let begin = true;
  for (const instruction of instructions) {
    if (begin) begins.add(instruction.address);
    const kind = instructionKind(instruction.text);
    begin = kind === 'branch' || kind === 'return';
    if (kind === 'branch') for (const to of namedAddresses(instruction)) if (own.has(to)) begins.add(to);
  }
  return begins;
}

/** Whether the next instruction is never run after it. */
export function endsFlow({ text }: Instruction): boolean {
  return (
    instructionKind(text) === 'return' || /^(?:(?:bnd|notrack) )?(?:jmp|b|br|ud2|hlt)(?:\s|$)/.test(text)
  );
}

/** The blocks of a function by their addresses. */
export function blocksOf(instructions: readonly Instruction[]): ReadonlyMap<bigint, Block> {
  const begins = blockStarts(instructions);
  const blocks: { readonly start: bigint; readonly instructions: Instruction[]; readonly to: bigint[] }[] =
    [];
  for (const instruction of instructions) {
    if (begins.has(instruction.address))
      blocks.push({ start: instruction.address, instructions: [], to: [] });
    blocks.at(-1)?.instructions.push(instruction);
  }
  for (const { instructions: own, to } of blocks) {
    const last = own.at(-1);
    if (!last) continue;
    const kind = instructionKind(last.text);
    const behind = last.address + BigInt(last.bytes.length);
    if (kind === 'branch') to.push(...namedAddresses(last).filter((address) => begins.has(address)));
    if (!endsFlow(last) && begins.has(behind)) to.push(behind);
  }
  return new Map(
    blocks.map(({ start, instructions: own, to }) => [
      start,
      {
        instructions: own,
        to: [...new Set(to)],
        from: blocks.filter((block) => block.to.includes(start)).map((block) => block.start),
      },
    ]),
  );
}
