import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import { listing } from '../code/listing.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { readRange } from '../memory/range.ts';
import { instructionPointer } from '../pseudo.ts';

const DEFAULT_COUNT = 8n;
const AT_ONCE = 200;
/** Of any machine; only bounds the first read of a range that ends at an address. */
const SHORTEST_INSTRUCTION = 1;

const cursor = (context: CommandContext) => async (): Promise<bigint> =>
  context.state.codeCursor ?? instructionPointer(context.state);

async function unassemble(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { start, count, end } = await readRange(context, args, SHORTEST_INSTRUCTION, cursor(context));
  args.expectEnd();
  let left = count ?? DEFAULT_COUNT;
  let from = start;
  while (left > 0n && (end === null || from < end)) {
    context.state.cancel.check();
    const wanted = Number(left < AT_ONCE ? left : BigInt(AT_ONCE));
    const read = await context.target.disassemble(from, wanted);
    const shown = read.filter((instruction) => end === null || instruction.address < end);
    if (shown.length === 0) throw engineErrors.memoryUnreadable(from);
    context.print((await listing(context.state, shown)).join('\n'));
    const last = shown.at(-1);
    from = last ? last.address + BigInt(last.bytes.length) : from;
    left -= BigInt(shown.length);
    if (shown.length < wanted) break;
  }
  context.state.codeCursor = from;
  return undefined;
}

async function unassembleBefore(context: CommandContext, args: Args): Promise<Control | undefined> {
  const start = args.done ? await cursor(context)() : await context.evaluate(args);
  const count = args.match(/,?\s*L\s*/iy) ? await context.evaluate(args) : DEFAULT_COUNT;
  args.expectEnd();
  const instructions = await context.target.disassembleBefore(start, Number(count > 1000n ? 1000n : count));
  context.print((await listing(context.state, instructions)).join('\n'));
  context.state.codeCursor = instructions[0]?.address ?? start;
  return undefined;
}

const common = { family: 'Registers and code', needs: 'any', continues: true, glue: /^[@$0-9`.(]/ } as const;

export const codeCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'u',
    syntax: ['u [Address [L Count]]', 'u Address End'],
    summary: 'Shows code as instructions.',
    help: 'Eight unless a count is given. Without an address it goes on where it stopped, at first at the instruction pointer.',
    example: 'u loop!work L4',
    run: unassemble,
  },
  {
    ...common,
    name: 'ub',
    syntax: ['ub [Address [L Count]]'],
    summary: 'Shows the instructions before an address.',
    help: 'Eight unless a count is given.',
    example: 'ub . L3',
    run: unassembleBefore,
  },
];
