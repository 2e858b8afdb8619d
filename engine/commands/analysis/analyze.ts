import type { Frame } from '../../backend/types.ts';
import { hexDigits } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import { aborted } from './abort.ts';
import { type Crash, type Finding, moduleAt, readCrash, regionAt, withoutHashes } from './crash.ts';
import { busError, callerOfWild, segmentationFault } from './fault.ts';
import { arithmetic, badSystemCall, illegalInstruction, sentSignal, trap } from './other-signals.ts';
import { culpritOf } from './runtime.ts';

export interface Analysis {
  readonly crash: Crash;
  readonly finding: Finding;
  /** Null: nothing on the stack has a name. */
  readonly culprit: Frame | null;
  /**
   * The same for the same bug, wherever its modules and stacks lie: problem, exception code, module, function and the place in it;
   * of code without symbols the place in the module.
   */
  readonly bucket: string;
}

type Detector = (crash: Crash) => Promise<Finding>;

/** What an instruction does wrong; sent by a process these mean nothing of the kind. */
const FAULTS: Readonly<Record<string, Detector>> = {
  SIGSEGV: segmentationFault,
  SIGBUS: busError,
  SIGFPE: arithmetic,
  SIGILL: illegalInstruction,
  SIGSYS: badSystemCall,
};

export async function analyze(state: DebuggerState): Promise<Analysis> {
  const crash = await readCrash(state);
  const finding = await find(crash);
  const culprit =
    finding.culprit ?? culpritOf(runs(crash) ? crash.frames : crash.frames.slice(1), crash.modules);
  return { crash, finding, culprit, bucket: await bucketOf(crash, finding, culprit) };
}

async function find(crash: Crash): Promise<Finding> {
  const { signal } = crash;
  const detector = signal && Object.hasOwn(FAULTS, signal.name) ? FAULTS[signal.name] : undefined;
  if (detector && !signal?.sender) return detector(crash);
  if (signal?.name === 'SIGABRT') return aborted(crash);
  return signal?.name === 'SIGTRAP' ? trap(crash) : sentSignal(crash);
}

export async function bucketOf(crash: Crash, finding: Finding, culprit: Frame | null): Promise<string> {
  const start = `${finding.problem}_${hexDigits(finding.code, 8)}`;
  const hit = culprit?.symbol;
  if (!hit) {
    const at = culprit?.address ?? (await callerOfWild(crash)) ?? crash.ip;
    const module = moduleAt(crash, at);
    return `${start}_${module ? `${module.name}+${(at - module.start).toString(16)}` : 'unknown!unknown'}`;
  }
  const offset = finding.anywhere || hit.offset === 0n ? '' : `+${hit.offset.toString(16)}`;
  return `${start}_${hit.module}!${withoutHashes(hit.name).replace(/\s+/g, '_')}${offset}`;
}

/** Whether there is code where the thread stands: else whoever went there is to blame. */
function runs(crash: Crash): boolean {
  const region = regionAt(crash, crash.ip);
  return region === null ? crash.instruction !== null : region.execute;
}
