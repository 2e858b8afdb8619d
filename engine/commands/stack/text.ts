import type { Frame } from '../../backend/types.ts';
import { address, hexDigits, symbol } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import { parameterText } from './parameters.ts';
import { PLAIN, type StackStyle } from './request.ts';

/** What `kb` shows of each frame on this machine: as many as fit beside each other. */
export const RAW_WORDS = 4;
/** Width of `Memory`, with the frame number before it. */
const MEMORY_WIDTH = 12;

/** As WinDbg has them. */
const UNSURE = 'WARNING: Stack unwind information not available. Following frames may be wrong.';
const NO_MODULE = 'WARNING: Frame IP not in any known module. Following frames may be wrong.';

/** One frame as `k` shows it. */
export function frameLine(state: DebuggerState, frame: Frame): string {
  return new StackText(state, PLAIN).line(frame, null);
}

/** A stack under its header. `guessedFrom`: index of the first frame that is not sure; null: all are, as far as is known. */
export function stackText(
  state: DebuggerState,
  frames: readonly Frame[],
  style: StackStyle,
  guessedFrom: number | null = null,
): string {
  const text = new StackText(state, style);
  const lines = [text.header()];
  let warned = false;
  for (const [index, frame] of frames.entries()) {
    const warning = index === guessedFrom ? UNSURE : frame.module === null ? NO_MODULE : null;
    if (warning !== null && !warned) lines.push(warning);
    warned ||= warning !== null;
    lines.push(text.line(frame, previousPointer(frames, index)));
  }
  return lines.join('\n');
}

class StackText {
  readonly #size: 4 | 8;
  readonly #style: StackStyle;
  readonly #isX86: boolean;

  constructor(state: DebuggerState, style: StackStyle) {
    this.#size = state.pointerSize;
    this.#style = style;
    this.#isX86 = state.pointerSize === 4 && /86/.test(state.backend?.architecture ?? '');
  }

  header(): string {
    const { symbolsOnly, memory, pointer, words } = this.#style;
    if (symbolsOnly) return ' # Call Site';
    const wide = address(0n, this.#size).length;
    const columns = [memory ? ' #   Memory ' : ' #'];
    if (pointer) columns.push((this.#isX86 ? 'ChildEBP' : 'Child-SP').padEnd(wide));
    const returns = 'RetAddr'.padEnd(wide + 4);
    if (words) columns.push(returns, `: ${'Args to Child'.padEnd(RAW_WORDS * (wide + 1))}: Call Site`);
    else columns.push(returns, 'Call Site');
    return columns.join(' ');
  }

  /** `before`: the stack pointer of the frame that this one called. */
  line(frame: Frame, before: bigint | null): string {
    const { symbolsOnly, memory, pointer, words } = this.#style;
    const number = hexDigits(frame.level, 2);
    const site = this.#site(frame);
    if (symbolsOnly) return `${number} ${site}`;
    const columns = [memory ? number + memoryText(frame, before) : number];
    if (pointer)
      columns.push(frame.inlined ? this.#inlined() : address(frame.stackPointer ?? 0n, this.#size));
    if (!pointer && frame.inlined) columns.push(this.#inlined().padEnd(address(0n, this.#size).length + 4));
    else
      columns.push(`${frame.inlined ? this.#dashes() : address(frame.returnAddress ?? 0n, this.#size)}    `);
    if (words) columns.push(`: ${this.#words(frame)} :`);
    return `${columns.join(' ')} ${site}`;
  }

  #inlined(): string {
    return this.#size === 8 ? '(Inline Function)' : '(Inline)';
  }

  #dashes(): string {
    return address(0n, this.#size).replaceAll('0', '-');
  }

  #words(frame: Frame): string {
    const words = Array.from({ length: RAW_WORDS }, (_, index) =>
      frame.inlined ? this.#dashes() : this.#word(frame.words?.[index]),
    );
    return words.join(' ');
  }

  #word(value: bigint | undefined): string {
    const text = address(value ?? 0n, this.#size);
    return value === undefined ? text.replaceAll('0', '?') : text;
  }

  /** `loop!work+0x17 [/home/u/loop.c @ 14] `, with the blank that WinDbg leaves at the end. */
  #site(frame: Frame): string {
    const { symbolsOnly, parameters } = this.#style;
    const name = this.#name(frame);
    if (!name) return `0x${address(frame.address, this.#size)}`;
    const args = parameterText(frame.args ?? [], parameters, this.#size);
    if (symbolsOnly && frame.symbol) return `${name.text}${args}`;
    const distance = name.offset === 0n ? '' : `+0x${name.offset.toString(16)}`;
    const { source } = frame;
    const line = this.#style.source && source ? ` [${source.file} @ ${source.line}] ` : '';
    return `${name.text}${args}${distance}${line}`;
  }

  /** What has no symbol is known by its place in its module. */
  #name({ symbol: hit, module, address: at }: Frame): { text: string; offset: bigint } | null {
    if (hit) return { text: symbol({ ...hit, offset: 0n }), offset: hit.offset };
    if (!module) return null;
    return { text: module.name, offset: at - module.start };
  }
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
