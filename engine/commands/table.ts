import type { CommandEntry } from './entry.ts';
import { aliasCommands } from './families/aliases.ts';
import { analysisCommands } from './families/analysis.ts';
import { assembleCommands } from './families/assemble.ts';
import { breakpointCommands } from './families/breakpoints.ts';
import { callCommands } from './families/call.ts';
import { codeCommands } from './families/code.ts';
import { dllCommands } from './families/dlls.ts';
import { dmlCommands } from './families/dml.ts';
import { dumpCommands } from './families/dumps.ts';
import { editCommands } from './families/edit.ts';
import { elsewhereCommands } from './families/elsewhere.ts';
import { evaluateCommands } from './families/evaluate.ts';
import { eventCommands } from './families/events.ts';
import { flowCommands } from './families/flow.ts';
import { forEachCommands } from './families/for-each.ts';
import { frameCommands } from './families/frames.ts';
import { goCommands } from './families/go.ts';
import { heapCommands } from './families/heap.ts';
import { kernelCommands } from './families/kernel.ts';
import { kernelMemoryCommands } from './families/kernel-memory.ts';
import { linuxCommands } from './families/linux.ts';
import { listCommands } from './families/list-each.ts';
import { localCommands } from './families/locals.ts';
import { lockCommands } from './families/locks.ts';
import { logCommands } from './families/log.ts';
import { memoryCommands } from './families/memory.ts';
import { memoryFileCommands } from './families/memory-files.ts';
import { modelCommands } from './families/model.ts';
import { outputCommands } from './families/output.ts';
import { pathCommands } from './families/paths.ts';
import { processFactCommands } from './families/process-facts.ts';
import { processCommands } from './families/processes.ts';
import { quitCommands } from './families/quit.ts';
import { rangeCommands } from './families/ranges.ts';
import { regionCommands } from './families/regions.ts';
import { registerCommands } from './families/registers.ts';
import { returnCommands } from './families/return-value.ts';
import { scriptCommands } from './families/scripts.ts';
import { secureCommands } from './families/secure.ts';
import { sessionCommands } from './families/session.ts';
import { settingCommands } from './families/settings.ts';
import { shellCommands } from './families/shell.ts';
import { sourceCommands } from './families/source.ts';
import { sourceLineCommands } from './families/source-lines.ts';
import { stackCommands } from './families/stack.ts';
import { stacksCommands } from './families/stacks.ts';
import { stepCommands } from './families/step.ts';
import { symbolFileCommands } from './families/symbol-files.ts';
import { symbolCommands } from './families/symbols.ts';
import { systemCommands } from './families/systems.ts';
import { targetCommands } from './families/target.ts';
import { threadCommands } from './families/threads.ts';
import { timeCommands } from './families/time.ts';
import { traceCommands } from './families/trace.ts';

const commands: readonly CommandEntry[] = [
  ...goCommands,
  ...stepCommands,
  ...traceCommands,
  ...sourceCommands,
  ...callCommands,
  ...returnCommands,
  ...forEachCommands,
  ...listCommands,
  ...eventCommands,
  ...kernelCommands,
  ...breakpointCommands,
  ...threadCommands,
  ...systemCommands,
  ...processCommands,
  ...processFactCommands,
  ...lockCommands,
  ...heapCommands,
  ...stackCommands,
  ...localCommands,
  ...frameCommands,
  ...stacksCommands,
  ...registerCommands,
  ...codeCommands,
  ...assembleCommands,
  ...memoryCommands,
  ...editCommands,
  ...rangeCommands,
  ...memoryFileCommands,
  ...regionCommands,
  ...kernelMemoryCommands,
  ...linuxCommands,
  ...symbolCommands,
  ...dllCommands,
  ...symbolFileCommands,
  ...sourceLineCommands,
  ...modelCommands,
  ...pathCommands,
  ...targetCommands,
  ...analysisCommands,
  ...sessionCommands,
  ...secureCommands,
  ...dumpCommands,
  ...shellCommands,
  ...settingCommands,
  ...timeCommands,
  ...quitCommands,
  ...flowCommands,
  ...aliasCommands,
  ...scriptCommands,
  ...evaluateCommands,
  ...outputCommands,
  ...dmlCommands,
  ...logCommands,
];

/**
 * Every command there is, and those of WinDbg's that are refused with a reason. `.help`, completion and the command reference
 * come from here.
 */
export const commandTable: readonly CommandEntry[] = [...commands, ...elsewhereCommands(commands)];

/** Commands that a front handles itself and never sends to the session. */
export const frontCommands: readonly string[] = commandTable
  .filter((entry) => entry.front)
  .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
