import type { Frame } from '../../backend/types.ts';
import { address, hexDigits } from '../../format/address.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';
import { parameterText } from './parameters.ts';

export interface StackStyle {
  readonly rawArguments: boolean;
  readonly memory: boolean;
  readonly symbolsOnly: boolean;
  readonly source: boolean;
  readonly parameters: 'none' | 'inline' | 'lines';
}

const RAW_WORDS = 4;
/** Width of `Memory`, with the frame number before it. */
const MEMORY_WIDTH = 12;

const PLAIN: StackStyle = {
  rawArguments: false,
  memory: false,
  symbolsOnly: false,
  source: true,
  parameters: 'none',
};

/** One frame as `k` shows it. */
export function frameLine(state: DebuggerState, frame: Frame): string {
  return styledLine(state, frame, PLAIN, '', null);
}

export async function stackText(
  state: DebuggerState,
  frames: readonly Frame[],
  style: StackStyle,
): Promise<string> {
  const lines = [header(style, state.pointerSize)];
  for (const [index, frame] of frames.entries()) {
    state.cancel.check();
    const raw = style.rawArguments ? await rawWords(state, frames[index + 1]) : '';
    lines.push(styledLine(state, frame, style, raw, previousPointer(frames, index)));
  }
  return lines.join('\n');
}

function header(style: StackStyle, pointerSize: 4 | 8): string {
  const wide = pointerSize * 2 + (pointerSize === 8 ? 1 : 0);
  if (style.symbolsOnly) return ' # Call Site';
  if (style.rawArguments) {
    const words = 'Args to Child'.padEnd(RAW_WORDS * (wide + 1));
    return ` # ${'RetAddr'.padEnd(wide + 5)}: ${words}: Call Site`;
  }
  const columns = `${'Child-SP'.padEnd(wide + 1)}${'RetAddr'.padEnd(wide + 5)}Call Site`;
  return style.memory ? ` #   Memory  ${columns}` : ` # ${columns}`;
}

function styledLine(
  state: DebuggerState,
  frame: Frame,
  style: StackStyle,
  raw: string,
  before: bigint | null,
): string {
  const size = state.pointerSize;
  const number = hexDigits(frame.level, 2);
  const site = siteText(frame, style, size);
  if (style.symbolsOnly) return `${number} ${site}`;
  const returns = frame.inlined
    ? '-'.repeat(size) + (size === 8 ? '`--------' : '')
    : address(frame.returnAddress ?? 0n, size);
  if (style.rawArguments) return `${number} ${returns} : ${raw} : ${site}`;
  const pointer = frame.inlined ? '(Inline Function)' : address(frame.stackPointer ?? 0n, size);
  const columns = `${pointer} ${returns}     ${site}`;
  return style.memory ? `${`${number}${memoryText(frame, before)}`} ${columns}` : `${number} ${columns}`;
}

/** Stack between the frame before and this one. */
function memoryText(frame: Frame, before: bigint | null): string {
  const text =
    frame.stackPointer !== null && before !== null ? (frame.stackPointer - before).toString(16) : '';
  return text.padStart(MEMORY_WIDTH - 2);
}

function previousPointer(frames: readonly Frame[], index: number): bigint | null {
  return frames.slice(0, index).findLast((frame) => frame.stackPointer !== null)?.stackPointer ?? null;
}

/** `loop!work+0x17 [/home/u/loop.c @ 14] `, with the blank that WinDbg leaves at the end. */
function siteText(frame: Frame, style: StackStyle, pointerSize: 4 | 8): string {
  if (!frame.symbol) return `0x${address(frame.address, pointerSize)}`;
  const { module, name, offset } = frame.symbol;
  const parameters = parameterText(frame.args ?? [], style.parameters);
  const distance = offset === 0n || style.symbolsOnly ? '' : `+0x${offset.toString(16)}`;
  const source =
    style.source && !style.symbolsOnly && frame.source
      ? ` [${frame.source.file} @ ${frame.source.line}] `
      : '';
  return `${module}!${name}${parameters}${distance}${source}`;
}

/** What lies above the return address, where a caller leaves what it passes on the stack. */
async function rawWords(state: DebuggerState, caller: Frame | undefined): Promise<string> {
  const size = state.pointerSize;
  const start = caller?.stackPointer ?? null;
  const empty = new Array<string>(RAW_WORDS).fill(address(0n, size));
  if (start === null) return empty.join(' ');
  const block = await state.target.readMemory(start, RAW_WORDS * size);
  return empty.map((_, index) => address(littleEndian(block.bytes, index * size, size), size)).join(' ');
}
