import type { Frame } from '../../backend/types.ts';
import { address as wide } from '../../format/address.ts';
import { type Crash, type Finding, plainName, regionAt } from './crash.ts';
import { isRuntime } from './runtime.ts';

const STACK_OVERFLOW = 0xc00000fd;
/** One frame may jump over so much of the stack. */
const FRAME = 0x100000n;
/** A function that is so often on the stack calls itself without end. */
const OFTEN = 16;

/** Whether the stack has come to its end at the address; null: that is not what it was. */
export async function stackOverflow(crash: Crash, address: bigint): Promise<Finding | null> {
  const sp = crash.registers.get('rsp') ?? crash.registers.get('sp');
  if (sp === undefined) return null;
  const near = address > sp ? address - sp < FRAME : sp - address < FRAME;
  const here = regionAt(crash, address);
  // Guarded by a page that nobody may touch, or by nothing at all.
  if (!near || (here && (here.read || here.write))) return null;
  const above = crash.regions.find(({ start }) => start > address);
  if (!above?.write || above.start - address > FRAME || !holdsFrames(crash, above)) return null;
  const recursion = recursionIn(crash);
  const size = (above.end - above.start).toString(16);
  return {
    problem: 'STACK_OVERFLOW',
    code: STACK_OVERFLOW,
    cause: [
      `The stack is used up: it ends at ${wide(above.start)} (0x${size} bytes), and ${wide(address)} lies below.`,
      ...(recursion.length > 0
        ? [`It is full of calls of ${recursion.map(name).join(' and ')}: a recursion without end.`]
        : []),
    ],
    ...(recursion[0] ? { culprit: recursion[0], anywhere: true } : {}),
  };
}

function holdsFrames({ frames }: Crash, { start, end }: { start: bigint; end: bigint }): boolean {
  return frames
    .slice(1)
    .some(({ stackPointer }) => stackPointer !== null && stackPointer >= start && stackPointer < end);
}

const name = ({ symbol }: Frame): string => (symbol ? `${symbol.module}!${plainName(symbol)}` : '');

/** One frame of each function that comes again and again, always in the same order. */
function recursionIn({ frames, modules }: Crash): Frame[] {
  const seen = new Map<string, { count: number; frame: Frame }>();
  for (const frame of frames) {
    if (!frame.symbol || isRuntime(frame, modules)) continue;
    const known = seen.get(name(frame));
    seen.set(name(frame), { count: (known?.count ?? 0) + 1, frame: known?.frame ?? frame });
  }
  const most = Math.max(0, ...[...seen.values()].map(({ count }) => count));
  return [...seen.values()]
    .filter(({ count }) => count >= OFTEN && count * 2 > most)
    .map(({ frame }) => frame)
    .sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
