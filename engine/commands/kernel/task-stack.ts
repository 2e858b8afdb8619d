import type { Frame, StackDetails } from '../../backend/types.ts';
import { hex64 } from '../../format/address.ts';
import { Mappings } from '../../kernel/linux/mappings.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import type { Task } from '../../kernel/linux/tasks.ts';
import { stackOf } from '../../kernel/linux/unwind.ts';
import { userRegisters } from '../../kernel/linux/user-registers.ts';
import { isKernelAddress } from '../../kernel/paging/pages.ts';
import type { DebuggerState } from '../state.ts';
import type { ProgramLook, ProgramStack } from './program-look.ts';

/** A task's stack: in the kernel, and behind it in its program. */
export interface TaskStack {
  readonly frames: readonly Frame[];
  /** Index of the first frame that is not sure; null: all are. */
  readonly guessedFrom: number | null;
  /** What is to be said below. */
  readonly notes: readonly string[];
}

export interface StackWanted {
  readonly limit: number;
  readonly details: StackDetails;
}

/** @param program null: only where it is in its program is told, not its frames there */
export async function taskStack(
  state: DebuggerState,
  target: LinuxTarget,
  task: Task,
  orcAt: Parameters<typeof stackOf>[2],
  program: ProgramLook | null,
  { limit, details }: StackWanted,
): Promise<TaskStack> {
  if (task.state === 'Z' || task.state === 'X') return only('It has ended, and has no stack.');
  const kernel = await kernelFrames(state, target, task, orcAt, { limit, details });
  if (kernel === null)
    return only('Its stack cannot be read, or this kernel’s way of switching tasks is not known.');
  const notes =
    kernel.length === 1 && task.runsOn === null
      ? ['Further frames are not known: the kernel has no ORC tables here.']
      : [];
  if (task.mm === 0n) return { frames: kernel, guessedFrom: null, notes };
  if (program === null)
    return { frames: kernel, guessedFrom: null, notes: [...notes, ...(await placeLine(target, task))] };
  const user = await program.stack(task, Math.max(0, limit - kernel.length), details);
  return {
    frames: joined(kernel, user.frames),
    guessedFrom: user.guessedFrom === null ? null : kernel.length + user.guessedFrom,
    notes: [...notes, ...missingLines(user)],
  };
}

const only = (line: string): TaskStack => ({ frames: [], guessedFrom: null, notes: [line] });

function joined(kernel: readonly Frame[], user: readonly Frame[]): readonly Frame[] {
  const last = kernel.at(-1);
  const [first] = user;
  if (!last || !first) return [...kernel, ...user];
  return [
    ...kernel.slice(0, -1),
    { ...last, returnAddress: first.address },
    ...user.map((frame) => ({ ...frame, level: frame.level + kernel.length })),
  ];
}

/** Of one that runs as its processor stands; of one that sleeps out of its stack. Null: not to be had. */
async function kernelFrames(
  state: DebuggerState,
  target: LinuxTarget,
  task: Task,
  orcAt: Parameters<typeof stackOf>[2],
  { limit, details }: StackWanted,
): Promise<readonly Frame[] | null> {
  const kernel = state.current.target;
  if (task.runsOn !== null) {
    const [frames = []] = await kernel.stacks([task.runsOn], limit, details);
    const end = frames.findIndex(({ address }) => !isKernelAddress(address));
    return end < 0 ? frames : frames.slice(0, end);
  }
  const found = await stackOf(target, task, orcAt);
  if (!found) return null;
  const shown = found.slice(0, limit);
  const symbols = await kernel.symbolize(shown.map((frame) => frame.address));
  return shown.map((frame, level) => ({
    level,
    address: frame.address,
    stackPointer: frame.stackPointer,
    returnAddress: found[level + 1]?.address ?? 0n,
    inlined: false,
    symbol: symbols[level] ?? null,
    source: null,
  }));
}

/** Where it is in its program. */
async function placeLine(target: LinuxTarget, task: Task): Promise<readonly string[]> {
  const registers = await userRegisters(target, task);
  const ip = registers?.get('rip') ?? registers?.get('pc');
  const sp = registers?.get('rsp') ?? registers?.get('sp');
  if (ip === undefined || sp === undefined) return [];
  const mapping = await (await Mappings.of(target))?.at(task, ip);
  const place = mapping?.path
    ? ` ${mapping.path}+0x${(ip - mapping.start + mapping.offset).toString(16)}`
    : '';
  const [first, second] = target.machine === 'x86-64' ? ['rip', 'rsp'] : ['pc', 'sp'];
  return [`In its program: ${first}=${hex64(ip)} ${second}=${hex64(sp)}${place}`];
}

function missingLines({ missing, lostIn }: ProgramStack): readonly string[] {
  const lost =
    lostIn === null || missing.some(([path]) => path === lostIn)
      ? []
      : [`Further frames are not known: ${lostIn || 'the code there'} does not say how it is unwound.`];
  return [
    ...lost,
    ...missing.map(
      ([path, buildId]) =>
        `No file of ${path} was found${buildId === null ? '' : ` (build id ${buildId})`}: name its folder with .sympath.`,
    ),
  ];
}
