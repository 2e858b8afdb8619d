import type { TypeInfo } from '../../backend/types.ts';
import { literalPattern } from '../../expressions/wildcard.ts';
import { address } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import type { CallTree, TraceLine } from './call-tree.ts';

/** Functions in the table of a summary. */
const MOST_FUNCTIONS = 5000;

interface LineOptions {
  readonly callSites: boolean;
  readonly results: 'none' | 'hex' | 'typed';
}

/** `   21     0 [  0] loop!work`. */
export async function lineText(state: DebuggerState, line: TraceLine, options: LineOptions): Promise<string> {
  const { own, below, depth, name, callSite, returned } = line;
  const counts = `${String(own).padStart(5)} ${String(below).padStart(5)} [${String(depth).padStart(3)}]`;
  const text = `${counts} ${'  '.repeat(depth)}${name}`;
  if (callSite !== undefined && options.callSites)
    return `${text} call at ${address(callSite, state.pointerSize)}`;
  if (!returned || options.results === 'none') return text;
  const result =
    options.results === 'hex' ? number(state, returned.value) : await typed(state, name, returned.value);
  return result === '' ? text : `${text} ${result}`;
}

const number = (state: DebuggerState, value: bigint): string =>
  `${state.isX64 ? 'rax' : 'x0'} = ${value.toString(state.radix)}`;

/** `int 0n3`; nothing for a function without a result, the bare register for one of which the type is not known. */
async function typed(state: DebuggerState, name: string, value: bigint): Promise<string> {
  const [module = '*', bare = name] = name.split('!');
  const found = await state.target.findSymbols(module, literalPattern(bare), 1);
  const type = found[0]?.type?.target;
  if (!type) return number(state, value);
  return type.kind === 'void' ? '' : `${type.name} ${inType(type, value)}`;
}

function inType({ size, signed, kind }: TypeInfo, value: bigint): string {
  const bits = Math.min(8, Math.max(1, size)) * 8;
  if (signed && kind !== 'pointer') return `0n${BigInt.asIntN(bits, value)}`;
  return `0x${BigInt.asUintN(bits, value).toString(16)}`;
}

export function summaryLines(tree: CallTree): string[] {
  const functions = [...tree.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const calls = [...tree.systemCalls.values()].reduce((sum, each) => sum + each, 0);
  const column = (value: number): string => String(value).padStart(8);
  const rows = functions.slice(0, MOST_FUNCTIONS).map(({ name, invocations, least, most, total }) => {
    const counts = [least, most, Math.floor(total / invocations)].map(column).join('');
    return `${name.padEnd(44)}${String(invocations).padStart(11)}${counts}`;
  });
  const left = functions.length - rows.length;
  const executed = (many: number, what: string): string =>
    `${many} ${what}${many === 1 ? ' was' : 's were'} executed`;
  return [
    '',
    `${executed(tree.instructions, 'instruction')} in ${Math.max(0, tree.instructions - 1)} events (0 from other threads)`,
    '',
    'Function Name                               Invocations MinInst MaxInst AvgInst',
    ...rows,
    ...(left > 0 ? [`(and ${left} more)`] : []),
    '',
    executed(calls, 'system call'),
    ...(calls > 0 ? ['', 'Calls  System Call'] : []),
    ...[...tree.systemCalls].map(([name, times]) => `${String(times).padStart(5)}  ${name}`),
    '',
  ];
}
