import type { DebuggerState } from '../state.ts';

/** Of a frame that keeps a frame pointer: the return address and the caller's frame pointer lie above it. */
const SAVED_WORDS = 2n;
/** Before a function has made room, what it is going to keep lies below the stack pointer. */
const BELOW = 0x10000n;

/**
 * Says how far an address is from a register of the current frame: from the frame pointer where the code
 * keeps one, else from the stack pointer; '' for what is not on the frame's stack.
 */
export async function framePlaces(state: DebuggerState): Promise<(address: bigint) => string> {
  const { frame, thread } = state;
  const [bottomName, frameName] = registerNames(state);
  const values = await state.target.registers(state.context, [bottomName, frameName]);
  const bottom = values.get(bottomName);
  const pointer = values.get(frameName);
  const frames = await state.target.frames(thread, frame + 2);
  const top = frames.slice(frame + 1).find((each) => each.stackPointer !== null)?.stackPointer ?? null;
  if (bottom === undefined) return () => '';
  const keeps = pointer !== undefined && pointer + SAVED_WORDS * BigInt(state.pointerSize) === top;
  return (address) => {
    if (address < bottom - BELOW || (top !== null && address >= top)) return '';
    return keeps ? relative(frameName, address - pointer) : relative(bottomName, address - bottom);
  };
}

function registerNames(state: DebuggerState): readonly [string, string] {
  if (state.isX64) return ['rsp', 'rbp'];
  return /^i[3-6]86|x86/.test(state.backend?.architecture ?? '') ? ['esp', 'ebp'] : ['sp', 'fp'];
}

function relative(register: string, distance: bigint): string {
  const sign = distance < 0n ? '-' : '+';
  return `@${register}${sign}0x${(distance < 0n ? -distance : distance).toString(16).padStart(2, '0')}`;
}
