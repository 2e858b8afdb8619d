import type { Frame } from '../../backend/types.ts';
import { symbolOr } from '../../format/address.ts';
import type { QueryOf, StackFrame, StackView } from '../../protocol/views.ts';
import { parameterText } from '../stack/parameters.ts';
import type { DebuggerState } from '../state.ts';
import { placeOf, travelling } from './text.ts';

export async function stackView(
  state: DebuggerState,
  { limit, parameters }: QueryOf<'stack'>,
): Promise<StackView> {
  const [frames = []] = parameters
    ? await state.target.stacks([state.thread], limit + 1, { args: true })
    : [await state.target.frames(state.thread, limit + 1)];
  return {
    thread: state.thread,
    frame: state.frame,
    frames: frames.slice(0, limit).map((frame) => row(state, frame, parameters)),
    more: frames.length > limit,
  };
}

function row(state: DebuggerState, frame: Frame, parameters: boolean): StackFrame {
  const { level, address, stackPointer, returnAddress, inlined } = frame;
  return {
    level,
    address: travelling(address),
    site: symbolOr(address, frame.symbol, state.pointerSize),
    parameters: parameterText(frame.args ?? [], parameters ? 'inline' : 'none', state.pointerSize),
    stackPointer: stackPointer === null ? null : travelling(stackPointer),
    returnAddress: returnAddress === null ? null : travelling(returnAddress),
    inlined,
    source: placeOf(frame.source),
  };
}
