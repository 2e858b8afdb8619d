import { engineErrors } from '../errors.ts';
import { currentTask } from '../kernel/linux/kernel.ts';
import { exceptionParameters } from './analysis/access.ts';
import { elfEntryPoint } from './memory/read.ts';
import { effectiveAddressOf } from './registers/effective.ts';
import type { DebuggerState } from './state.ts';
import { describeSignal } from './stops/signals.ts';

type Read = (state: DebuggerState) => Promise<bigint | null> | bigint | null;

const PAGE_SIZE = 0x1000n;

/** Names of the registers that stand behind pseudo-registers, by machine. */
const MACHINE: Readonly<Record<'x64' | 'other', Readonly<Record<'ip' | 'sp' | 'result', string>>>> = {
  x64: { ip: 'rip', sp: 'rsp', result: 'rax' },
  other: { ip: 'pc', sp: 'sp', result: 'x0' },
};

async function machineRegister(state: DebuggerState, role: 'ip' | 'sp' | 'result'): Promise<bigint | null> {
  if (state.kind === 'none') return null;
  const name = MACHINE[state.isX64 ? 'x64' : 'other'][role];
  const values = await state.target.registers(state.registerContext, [name]);
  return values.get(name) ?? null;
}

/** The instruction pointer of the current thread, whatever frame is looked at. */
export async function instructionPointer(state: DebuggerState): Promise<bigint> {
  if (state.kind === 'none') throw engineErrors.noTarget();
  const name = MACHINE[state.isX64 ? 'x64' : 'other'].ip;
  const value = (await state.target.registers({ thread: state.thread, frame: 0 }, [name])).get(name);
  if (value === undefined) throw engineErrors.noTarget();
  return value;
}

async function currentFrame(state: DebuggerState) {
  const frames = await state.target.frames(state.thread, state.frame + 1);
  return frames[state.frame] ?? null;
}

async function threadBase(state: DebuggerState): Promise<bigint | null> {
  const values = await state.target.registers({ thread: state.thread, frame: 0 }, ['fs_base']);
  return values.get('fs_base') ?? null;
}

async function effective(state: DebuggerState, name: string, which: 0 | 1): Promise<bigint> {
  const address = await effectiveAddressOf(state, which);
  if (address === null) throw engineErrors.badRegister(name);
  return address;
}

/** `_r_debug`; a static program has none. */
async function loaderList(state: DebuggerState): Promise<bigint | null> {
  return state.isKernel ? null : state.target.resolveSymbol(null, '_r_debug', null);
}

/** Of a kernel: the task that .process chose, or the processor's own. */
async function task(state: DebuggerState): Promise<bigint | null> {
  const { chosenTask, linux } = state.current;
  if (chosenTask !== null || !linux) return chosenTask;
  return currentTask(
    linux.target('The current task', () => state.cancel.check()),
    state.thread,
  );
}

const PSEUDO: Readonly<Record<string, Read>> = {
  $ip: (state) => machineRegister(state, 'ip'),
  $eventip: async (state) => {
    const name = MACHINE[state.isX64 ? 'x64' : 'other'].ip;
    return (await state.target.registers({ thread: state.eventThread, frame: 0 }, [name])).get(name) ?? null;
  },
  $previp: (state) => state.current.previousIp,
  $relip: (state) => state.current.branchedFrom,
  $ea: (state) => effective(state, '$ea', 0),
  $ea2: (state) => effective(state, '$ea2', 1),
  // The loader's list of modules is what stands for a process environment block.
  $peb: loaderList,
  $proc: (state) => (state.isKernel ? task(state) : loaderList(state)),
  $scopeip: async (state) => (await currentFrame(state))?.address ?? null,
  $ra: async (state) => (await currentFrame(state))?.returnAddress ?? null,
  $csp: (state) => machineRegister(state, 'sp'),
  $retreg: (state) => machineRegister(state, 'result'),
  $retreg64: (state) => machineRegister(state, 'result'),
  $exp: (state) => state.lastExpression,
  $p: (state) => state.lastDisplayed,
  $tid: (state) => BigInt(state.threadInfo?.tid ?? 0),
  $tpid: (state) => BigInt(state.process?.pid ?? 0),
  $dtid: (state) => BigInt(state.thread),
  $dpid: () => 0n,
  $dsid: (state) => BigInt(state.current.index),
  $frame: (state) => BigInt(state.frame),
  $dbgtime: () => BigInt(Date.now()),
  $ptrsize: (state) => BigInt(state.pointerSize),
  $pagesize: () => PAGE_SIZE,
  // Linux has no environment block of a thread; what stands at its thread pointer comes closest.
  $thread: (state) => (state.isKernel ? task(state) : threadBase(state)),
  $teb: threadBase,
  $exentry: async (state) => {
    const [main] = await state.modules();
    return main ? elfEntryPoint(state.target, main.start) : null;
  },
  $exr_chance: (state) => (state.pending ? (state.pending.chance === 'first' ? 1n : 0n) : null),
  $extret: (state) => state.extensionResult,
  $callret: (state) => state.callResult,
  $exr_numparams: async (state) => (state.pending ? BigInt((await parametersOf(state)).length) : null),
  $exr_code: (state) => (state.pending ? BigInt(describeSignal(state.pending.signal).code) : null),
};

/** With the dollar sign. */
export const pseudoRegisterNames: readonly string[] = [
  ...Object.keys(PSEUDO),
  ...Array.from({ length: 20 }, (_, index) => `$t${index}`),
];

async function parametersOf(state: DebuggerState): Promise<readonly bigint[]> {
  return state.pending ? exceptionParameters(state, { ...state.pending, address: null }) : [];
}

/** In lower case, with the dollar sign. Null: there is none, or it has no value now. */
export async function pseudoRegister(state: DebuggerState, name: string): Promise<bigint | null> {
  const number = Number(/^\$t(\d{1,2})$/.exec(name)?.[1] ?? Number.NaN);
  if (number < state.temporaries.length) return state.temporaries[number] ?? null;
  const breakpoint = /^\$bp(\d+)$/.exec(name)?.[1];
  if (breakpoint !== undefined) return state.breakpoints.get(Number(breakpoint))?.info?.address ?? 0n;
  const parameter = /^\$exr_param(\d+)$/.exec(name)?.[1];
  if (parameter !== undefined) return (await parametersOf(state))[Number(parameter)] ?? null;
  const read = Object.hasOwn(PSEUDO, name) ? PSEUDO[name] : undefined;
  if (!read || (state.kind === 'none' && !/^\$(exp|p|dbgtime|pagesize|ptrsize|extret)$/.test(name)))
    return null;
  return read(state);
}
