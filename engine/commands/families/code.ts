import { joined, linked, type Marked } from '../../dml/marked.ts';
import { engineErrors } from '../../errors.ts';
import { address } from '../../format/address.ts';
import type { Args } from '../args.ts';
import { type Block, blocksOf } from '../code/blocks.ts';
import { callLines, functionCode, functionLines } from '../code/function.ts';
import { listing } from '../code/listing.ts';
import { searchCode } from '../code/search.ts';
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
    if (shown.length === 0 && context.name.toLowerCase() === 'uu') {
      context.print(`${address(from, context.state.pointerSize)} ??              ???`);
      from += 1n;
      left -= 1n;
      continue;
    }
    if (shown.length === 0) throw engineErrors.memoryUnreadable(from);
    context.print(joined(await listing(context.state, shown), '\n'));
    const last = shown.at(-1);
    from = last ? last.address + BigInt(last.bytes.length) : from;
    left -= BigInt(shown.length);
    if (shown.length < wanted && context.name.toLowerCase() !== 'uu') break;
  }
  context.state.codeCursor = from;
  return undefined;
}

async function unassembleBefore(context: CommandContext, args: Args): Promise<Control | undefined> {
  const start = args.done ? await cursor(context)() : await context.evaluate(args);
  const count = args.match(/,?\s*L\s*/iy) ? await context.evaluate(args) : DEFAULT_COUNT;
  args.expectEnd();
  const instructions = await context.target.disassembleBefore(start, Number(count > 1000n ? 1000n : count));
  context.print(joined(await listing(context.state, instructions), '\n'));
  context.state.codeCursor = instructions[0]?.address ?? start;
  return undefined;
}

/** `uf [/c] [/D] [/m] [/o] [/O] [/i] Address`. */
async function unassembleFunction(context: CommandContext, args: Args): Promise<undefined> {
  const flags = new Set<string>();
  const option = /\/([cDmoOi])(?=\s|\/|$)/y;
  for (let match = args.match(option); match; match = args.match(option)) flags.add(match[1] ?? '');
  if (args.text[args.next] === '/') args.fail(args.next);
  const at = args.done ? await instructionPointer(context.state) : await context.evaluate(args);
  args.expectEnd();
  const code = await functionCode(context, at);
  if (!code) throw engineErrors.noCode(at);
  if (flags.has('i')) context.print(`${code.instructions.length} instructions scanned`);
  const ordered = flags.has('o')
    ? { ...code, instructions: [...code.instructions].sort((a, b) => (a.address < b.address ? -1 : 1)) }
    : code;
  const calls = ['c', 'D', 'O'].some((flag) => flags.has(flag));
  const lines = calls ? callLines(context, ordered) : await functionLines(context, ordered);
  context.print(joined(lines, '\n'));
}

/** `.dml_flow Start Target`. */
async function flow(context: CommandContext, args: Args): Promise<undefined> {
  const { pointerSize } = context.state;
  const at = args.next;
  const start = await context.evaluate(args);
  args.take(',');
  const target = await context.evaluate(args);
  args.expectEnd();
  const code = await functionCode(context, start);
  if (!code) throw engineErrors.noCode(start);
  const blocks = blocksOf(code.instructions);
  const block = blockAt(blocks, target);
  if (!block)
    throw engineErrors.badArgument(
      `${address(target, pointerSize)} does not belong to the function at ${address(start, pointerSize)}`,
      at,
    );
  const link = (to: bigint): Marked => {
    const where = address(to, pointerSize);
    return linked(where, where, `.dml_flow 0x${start.toString(16)} 0x${to.toString(16)}`);
  };
  const others = (all: readonly bigint[], none: string) =>
    all.length === 0 ? [none] : all.map((each) => link(each));
  context.print(
    joined(
      [
        ...others(block.from, '<No previous node>'),
        '',
        ...(await functionLines(context, { ...code, instructions: block.instructions })),
        '',
        ...others(block.to, '<No next node>'),
      ],
      '\n',
    ),
  );
}

/** An address may lie within an instruction. */
function blockAt(blocks: ReadonlyMap<bigint, Block>, target: bigint): Block | undefined {
  return [...blocks.values()].find(({ instructions }) =>
    instructions.some(({ address: own, bytes }) => own <= target && target < own + BigInt(bytes.length)),
  );
}

async function search(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const before = state.codeSearch;
  const pattern = args.quoted() ?? args.word() ?? before?.pattern ?? null;
  const start = args.done ? (before?.next ?? (await cursor(context)())) : await context.evaluate(args);
  const count = args.match(/,?\s*L\s*/iy) ? await context.evaluate(args) : (before?.count ?? null);
  args.expectEnd();
  // The very first without a pattern looks for nothing.
  if (pattern === null) return;
  const next = await searchCode(context, pattern, start, count);
  state.codeSearch = { pattern, count, next };
}

const common = { family: 'Registers and code', needs: 'any', continues: true, glue: /^[@$0-9`.(]/ } as const;

export const codeCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'u',
    aliases: ['uu'],
    syntax: ['u [Address [L Count]]', 'u Address End'],
    summary: 'Shows code as instructions.',
    help: 'Eight unless a count is given. Without an address it goes on where it stopped, at first at the instruction pointer. The instruction that comes next is shown with its effective address and the value there. uu goes on where memory cannot be read.',
    example: 'u loop!work L4',
    run: unassemble,
  },
  {
    ...common,
    name: 'uf',
    continues: false,
    syntax: ['uf [/c] [/D] [/i] [/m] [/o] [/O] [Address]'],
    summary: 'Shows a whole function as instructions.',
    help: 'The one that an address belongs to, with the parts of it that an optimiser has set apart; a blank line and a label stand before what is branched to, the number of the source line before each instruction. /c (or /O, /D) shows its calls only, with links to the code of each and the calls of what is called; /i counts its instructions, /o sorts by address. /m is taken.',
    example: 'uf /c loop!work',
    differences:
      'Without debug information a function reaches as far as its symbol says, not as far as its branches lead.',
    run: unassembleFunction,
  },
  {
    ...common,
    name: '.dml_flow',
    secure: 'allowed',
    continues: false,
    syntax: ['.dml_flow Start Target'],
    summary: 'Shows a block of a function’s code, with links to those before and behind it.',
    help: 'Start is an address of the function, Target one in the block. Above stand the blocks that lead there, below those that it leads to.',
    example: '.dml_flow loop!work loop!work',
    run: flow,
  },
  {
    ...common,
    name: '#',
    secure: 'allowed',
    glue: /^/,
    continues: false,
    syntax: ['# [Pattern] [Address [L Count]]'],
    summary: 'Searches code by the text of its instructions.',
    help: 'Shows where a column (address, bytes, mnemonic, operands) holds the pattern, which may have wildcards, and stands in quotes where it has blanks. It ends at the first hit, or with a count looks at so many instructions. What is left out is as it was before, and the search goes on behind the last hit.',
    example: '# call loop!work',
    run: search,
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
