import type { MemoryRegion } from '../../backend/types.ts';
import { hexDigits } from '../../format/address.ts';
import { errnoText } from '../../format/errno.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';
import { errnoOfThreads } from './errno.ts';
import { initialStack } from './initial-stack.ts';
import { expectUser, procFiles } from './proc-files.ts';

const AUXV: Readonly<Record<number, string>> = {
  3: 'AT_PHDR',
  4: 'AT_PHENT',
  5: 'AT_PHNUM',
  6: 'AT_PAGESZ',
  7: 'AT_BASE',
  8: 'AT_FLAGS',
  9: 'AT_ENTRY',
  11: 'AT_UID',
  12: 'AT_EUID',
  13: 'AT_GID',
  14: 'AT_EGID',
  15: 'AT_PLATFORM',
  16: 'AT_HWCAP',
  17: 'AT_CLKTCK',
  23: 'AT_SECURE',
  25: 'AT_RANDOM',
  26: 'AT_HWCAP2',
  27: 'AT_RSEQ_FEATURE_SIZE',
  28: 'AT_RSEQ_ALIGN',
  31: 'AT_EXECFN',
  33: 'AT_SYSINFO_EHDR',
  51: 'AT_MINSIGSTKSZ',
};

const COLUMN = 26;
const field = (name: string, value: string): string => `    ${`${name}:`.padEnd(COLUMN)}${value}`;
const wide = (value: bigint): string => hexDigits(BigInt.asUintN(64, value), 16);
const quoted = (text: string): string => `'${text}'`;

/** `!peb`. */
export async function processBlock(state: DebuggerState): Promise<string[]> {
  expectUser(state, '!peb');
  const { target, process } = state;
  const [auxv, regions] = [await target.auxv(), await regionsOf(state)];
  const start = await initialStack(state, auxv, regions);
  const modules = await state.modules();
  const heap = regions.find(({ path }) => path === '[heap]');
  const environment = (await currentEnvironment(state)) ?? start?.environment ?? [];
  return [
    `PEB at ${start ? wide(start.address) : 'an unknown address'}`,
    field('BeingDebugged', state.kind === 'live' ? 'Yes' : 'No'),
    field('ImageBaseAddress', modules[0] ? wide(modules[0].start) : 'unknown'),
    '            Base Module',
    ...modules.map(({ start: base, path }) => `${base.toString(16).padStart(16)} ${path}`),
    field('ProcessHeap', heap ? wide(heap.start) : 'none: brk was not used'),
    field('ProcessParameters', start ? wide(start.address) : 'unknown'),
    field('CurrentDirectory', await folderOf(state)),
    field('ImageFile', quoted(process?.executable ?? '')),
    field(
      'CommandLine',
      quoted((start?.args ?? [process?.executable ?? '', ...(process?.args ?? [])]).join(' ')),
    ),
    field('Environment', start ? wide(start.environmentAt) : ''),
    ...environment.map((line) => `        ${line}`),
    '    Auxiliary vector:',
    ...[...auxv].map(
      ([number, value]) => `        ${(AUXV[number] ?? String(number)).padEnd(22)}${wide(value)}`,
    ),
  ];
}

async function folderOf(state: DebuggerState): Promise<string> {
  if (state.kind === 'core') return '(not kept in a core file)';
  const link = await procFiles(state, '!peb', ['cwd']).catch(() => null);
  const folder = link?.get('cwd')?.link;
  return folder ? quoted(folder) : '(cannot be read)';
}

async function regionsOf(state: DebuggerState): Promise<readonly MemoryRegion[]> {
  // What is not told is left out.
  return state.target.regions().catch(() => []);
}

const MOST_VARIABLES = 4096;

/** The environment of now, by the C library's `environ`; null: it has none, or it cannot be read. */
async function currentEnvironment(state: DebuggerState): Promise<readonly string[] | null> {
  const { target, pointerSize } = state;
  const at = await target.resolveSymbol(null, 'environ', null);
  if (at === null || pointerSize !== 8) return null;
  const { bytes, readable } = await target.readMemory(at, pointerSize);
  const pointer = littleEndian(bytes, 0, pointerSize);
  if (readable !== null || pointer === 0n) return null;
  const strings = await target.stringArray(pointer, MOST_VARIABLES);
  return strings.length > 0 ? strings : null;
}

/** `!teb`. */
export async function threadBlock(state: DebuggerState): Promise<string[]> {
  expectUser(state, '!teb');
  const { target, thread, process } = state;
  const [pointers, stacks] = [await target.threadPointers(), await target.stackPointers()];
  const sp = stacks.get(thread);
  const regions = await regionsOf(state);
  const stack = regions.find(({ start, end }) => sp !== undefined && sp >= start && sp < end);
  const pointer = pointers.get(thread);
  const error = (await errnoOfThreads(state))?.get(thread);
  const start = await initialStack(state, await target.auxv(), regions);
  return [
    `TEB at ${pointer === undefined ? 'an unknown address' : wide(pointer)}`,
    field('StackBase', stack ? wide(stack.end) : 'unknown'),
    field('StackLimit', stack ? wide(stack.start) : 'unknown'),
    field('ClientId', `${wide(BigInt(process?.pid ?? 0))} . ${wide(BigInt(state.threadInfo?.tid ?? 0))}`),
    field('Tls Storage', pointer === undefined ? 'unknown' : wide(pointer)),
    field('PEB Address', start ? wide(start.address) : 'unknown'),
    field('LastErrorValue', error === undefined ? 'unknown' : errnoText(error).replace('(errno) ', '')),
  ];
}
